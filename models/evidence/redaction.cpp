#include "evidence/redaction.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <functional>
#include <map>
#include <type_traits>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <fmt/format.h>

#include "audit/hash.h"
#include "domain/network.h"

namespace scr::evidence {

using domain::Result;

namespace {

constexpr std::size_t kLeastSalt = 32;
constexpr std::size_t kNameBytes = 10;

template <class Key>
void rename(std::vector<Key>& keys, const Redaction& redaction, std::string (Redaction::*name)(const std::string&) const)
{
    for (Key& key : keys)
        key = Key{(redaction.*name)(key.text)};
}

} // namespace

Result<Redaction> Redaction::with(std::string salt)
{
    if (salt.size() < kLeastSalt)
        return domain::failure(domain::Fault::Invalid,
                               fmt::format("the salt has {} bytes, and {} are needed", salt.size(), kLeastSalt),
                               "Name a new file, and one is made");
    Redaction redaction;
    redaction.m_salt = std::move(salt);
    return redaction;
}

std::string Redaction::name(std::string_view kind, std::string_view mark, const std::string& of) const
{
    if (isClear() || of.empty())
        return of;
    const std::string text = fmt::format("{} {}", kind, of);
    std::array<unsigned char, 32> mac{};
    unsigned length = 0;
    HMAC(EVP_sha256(), m_salt.data(), static_cast<int>(m_salt.size()), reinterpret_cast<const unsigned char*>(text.data()),
         text.size(), mac.data(), &length);
    return fmt::format("{}{}", mark, audit::hexOf(std::string_view{reinterpret_cast<const char*>(mac.data()), kNameBytes}));
}

std::string Redaction::token(const std::string& key) const
{
    return name("token", "t-", key);
}

std::string Redaction::origin(const std::string& address) const
{
    return name("origin", "n-", address);
}

std::string Redaction::author(const std::string& key) const
{
    return name("author", "a-", key);
}

std::string Redaction::text(std::string_view text) const
{
    if (isClear())
        return std::string{text};
    const auto isPart = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == '.' || c == ':' || c == '/';
    };
    std::string redacted;
    while (!text.empty()) {
        // The longest address that begins here, whatever stands before or after it.
        std::string_view address =
            text.substr(0, static_cast<std::size_t>(std::ranges::find_if_not(text, isPart) - text.begin()));
        while (!address.empty() &&
               (address.find_first_of(".:") == std::string_view::npos || !domain::isAddressOrNetwork(address)))
            address.remove_suffix(1);
        redacted += address.empty() ? std::string{text.front()} : origin(std::string{address});
        text.remove_prefix(std::max<std::size_t>(address.size(), 1));
    }
    return redacted;
}

std::string Redaction::sentence(std::string_view sentence, const domain::Flag& flag) const
{
    if (isClear())
        return std::string{sentence};
    std::map<std::string, std::string, std::less<>> people;
    for (const domain::TokenKey& key : flag.tokens)
        people.emplace(key.text, token(key.text));
    if (const auto* matrix = std::get_if<domain::VoteMatrix>(&flag.evidence)) {
        for (const domain::AuthorKey& key : matrix->authors)
            people.emplace(key.text, author(key.text));
    }
    const auto isOfWord = [](char c) {
        return c == '_' || c == '-' || std::isalnum(static_cast<unsigned char>(c)) != 0 || (c & 0x80) != 0;
    };
    std::string redacted;
    for (std::size_t at = 0; at < sentence.size();) {
        std::size_t end = at;
        while (end < sentence.size() && isOfWord(sentence[end]))
            ++end;
        const std::string_view word = sentence.substr(at, end - at);
        const auto person = people.find(word);
        redacted += end == at ? std::string{sentence[end++]} : person != people.end() ? person->second : std::string{word};
        at = end;
    }
    return text(redacted);
}

domain::Evidence Redaction::evidence(domain::Evidence evidence) const
{
    if (auto* bars = std::get_if<domain::AttemptWaterfall>(&evidence)) {
        for (auto& bar : bars->bars)
            bar.origin = origin(bar.origin);
    } else if (auto* lockstep = std::get_if<domain::LockstepMatrix>(&evidence)) {
        rename(lockstep->tokens, *this, &Redaction::token);
    } else if (auto* subnet = std::get_if<domain::SubnetShare>(&evidence)) {
        subnet->network = origin(subnet->network);
    } else if (auto* matrix = std::get_if<domain::VoteMatrix>(&evidence)) {
        rename(matrix->voters, *this, &Redaction::token);
        rename(matrix->authors, *this, &Redaction::author);
    }
    return evidence;
}

domain::FlagReading Redaction::flag(domain::FlagReading reading) const
{
    if (isClear())
        return reading;
    domain::Flag& flag = reading.recorded.flag;
    if (!flag.siteRule.empty()) // what the site's own SQL says may hold anything
        flag.explanation.clear();
    for (std::string* sentence : {&flag.headline, &flag.summary, &flag.explanation, &flag.clearsIf})
        *sentence = this->sentence(*sentence, flag);
    for (std::string& sentence : flag.counterEvidence)
        sentence = this->sentence(sentence, flag);
    const bool isOfToken = flag.subject.kind == domain::SubjectKind::Token || flag.subject.kind == domain::SubjectKind::Group;
    if (isOfToken)
        flag.subject.key = token(flag.subject.key);
    else if (flag.subject.kind == domain::SubjectKind::Subnet)
        flag.subject.key = origin(flag.subject.key);
    if (isOfToken)
        reading.recorded.subjectLabel.clear();
    rename(flag.tokens, *this, &Redaction::token);
    flag.evidence = evidence(std::move(flag.evidence));
    for (domain::ReviewEntry& decision : reading.decisions)
        decision.reason = text(decision.reason);
    for (domain::Vote& vote : reading.votes) {
        vote.token = domain::TokenKey{token(vote.token.text)};
        vote.author = domain::AuthorKey{author(vote.author.text)};
        vote.origin = origin(vote.origin);
        vote.tokenLabel.clear();
    }
    return reading;
}

} // namespace scr::evidence
