#include "store/row_decoders.h"

#include <bit>
#include <limits>

#include "domain/network.h"
#include "store/byte_order.h"

namespace scr::store {

namespace {

using domain::Index;
using domain::kNoIndex;

constexpr std::int64_t kEpochShift = 946'684'800'000'000; // 1970 to 2000, PostgreSQL's own epoch
// What the pages show for infinity, so that a scan and a page agree.
constexpr std::int64_t kLastMicros = 253'402'300'799'000'000;
constexpr std::int64_t kFirstMicros = -62'135'596'800'000'000;
constexpr std::uint32_t kNull = 0xFFFFFFFFU;

std::int64_t unixMicros(std::uint64_t wire) noexcept
{
    const auto micros = static_cast<std::int64_t>(wire);
    if (micros > kLastMicros - kEpochShift)
        return kLastMicros;
    return micros < kFirstMicros - kEpochShift ? kFirstMicros : micros + kEpochShift;
}

/// Bytes of a key of that kind; 0 when they differ from row to row or are no number.
std::uint32_t numberWidth(KeyKind kind) noexcept
{
    switch (kind) {
    case KeyKind::Int2: return 2;
    case KeyKind::Int4: return 4;
    case KeyKind::Int8: return 8;
    case KeyKind::Uuid:
    case KeyKind::Text: return 0;
    }
    return 0;
}

std::int64_t numberAt(const char* at, std::size_t width) noexcept
{
    if (width == 8)
        return static_cast<std::int64_t>(wire64(at));
    if (width == 4)
        return static_cast<std::int32_t>(wire32(at));
    return static_cast<std::int16_t>(wire16(at));
}

std::string uuidText(std::string_view bytes)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    text.reserve(36);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        if (at == 4 || at == 6 || at == 8 || at == 10)
            text += '-';
        const auto byte = static_cast<unsigned char>(bytes[at]);
        text += kDigits[byte >> 4U];
        text += kDigits[byte & 15U];
    }
    return text;
}

/// Gives the key of the field that stands next to `take`, as a number or as text.
template <class Take>
void withKey(FieldReader& fields, KeyKind kind, Take take)
{
    fields.next();
    if (fields.isNull() || !fields.ok())
        return;
    if (const std::uint32_t width = numberWidth(kind); width != 0) {
        const std::string_view bytes = fields.bytes(width);
        if (fields.ok())
            take(numberAt(bytes.data(), width));
    } else if (kind == KeyKind::Uuid) {
        const std::string_view bytes = fields.bytes(16);
        if (fields.ok())
            take(std::string_view{uuidText(bytes)});
    } else {
        take(fields.bytes());
    }
}

Index internNext(FieldReader& fields, KeyKind kind, domain::KeyTable& table)
{
    Index index = kNoIndex;
    withKey(fields, kind, [&](auto key) { index = table.intern(key); });
    return index;
}

bool pushNext(FieldReader& fields, KeyKind kind, domain::KeyList& keys)
{
    bool pushed = false;
    withKey(fields, kind, [&](auto key) {
        keys.push(key);
        pushed = true;
    });
    return pushed;
}

} // namespace

FieldReader::FieldReader(std::string_view row, std::uint16_t fields) noexcept
{
    m_ok = row.size() >= 2 && wire16(row.data()) == fields;
    m_rest = m_ok ? row.substr(2) : std::string_view{};
}

void FieldReader::next() noexcept
{
    m_ok = m_ok && m_rest.size() >= 4;
    if (!m_ok)
        return;
    const std::uint32_t length = wire32(m_rest.data());
    m_rest.remove_prefix(4);
    m_isNull = length == kNull;
    m_ok = m_isNull || length <= m_rest.size();
    m_field = m_ok && !m_isNull ? m_rest.substr(0, length) : std::string_view{};
    m_rest.remove_prefix(m_field.size());
}

std::string_view FieldReader::bytes(std::size_t width) noexcept
{
    m_ok = m_ok && !m_isNull && m_field.size() == width;
    return m_field;
}

std::int64_t FieldReader::micros() noexcept
{
    const std::string_view wire = bytes(8);
    return m_ok ? unixMicros(wire64(wire.data())) : 0;
}

VoteDecoder::VoteDecoder(const ScanLayout& layout, domain::VoteColumns& votes, const domain::KeyTable* voided) :
    m_layout{layout}, m_voided{voided != nullptr && voided->size() > 0 ? voided : nullptr}, m_votes{votes},
    m_tokens{votes.tokens}, m_posts{votes.posts}
{
    m_bytes = {numberWidth(layout.voteKey), numberWidth(layout.token), numberWidth(layout.post), 4, 8};
    std::size_t at = 2;
    for (std::size_t field = 0; field < kFields; ++field) {
        if (m_bytes[field] == 0)
            return;
        m_at[field] = at + 4;
        at += 4 + m_bytes[field];
    }
    m_width = at;
}

bool VoteDecoder::hasFixedShape(const char* row) const noexcept
{
    std::uint32_t differs = wire16(row) ^ static_cast<std::uint32_t>(kFields + (m_layout.hasOrigins ? 1 : 0));
    for (std::size_t field = 0; field < kFields; ++field)
        differs |= wire32(row + m_at[field] - 4) ^ m_bytes[field];
    return differs == 0;
}

std::int64_t VoteDecoder::keyOf(const char* row) const noexcept
{
    return numberAt(row + m_at[0], m_bytes[0]);
}

void VoteDecoder::takeFixed(std::int64_t key, const char* row)
{
    m_votes.voteKeys.push(key);
    m_votes.value.push_back(std::bit_cast<float>(wire32(row + m_at[3])));
    m_votes.castAt.push_back(unixMicros(wire64(row + m_at[4])));
    const std::int64_t token = numberAt(row + m_at[1], m_bytes[1]);
    const std::int64_t post = numberAt(row + m_at[2], m_bytes[2]);
    m_tokens.prefetch(token);
    m_posts.prefetch(post);
    m_tokenKeys[m_pending] = token;
    m_postKeys[m_pending] = post;
}

/// As inet is sent: family, bits, whether it is a network, number of bytes, the bytes.
domain::Origin VoteDecoder::originOf(std::string_view inet) noexcept
{
    return inet.size() < 8 ? domain::Origin{} : domain::originOfBytes(inet.substr(4));
}

void VoteDecoder::pushNetwork(domain::NetworkCode network)
{
    m_votes.network.push_back(network == 0 ? kNoIndex : m_votes.networks.intern(static_cast<std::int64_t>(network)));
}

bool VoteDecoder::takeOrigin(std::string_view field)
{
    const std::uint32_t length = wire32(field.data());
    if (length != kNull && length != field.size() - 4)
        return false;
    const domain::Origin origin = originOf(length == kNull ? std::string_view{} : field.substr(4));
    m_votes.networks.prefetch(static_cast<std::int64_t>(origin.network));
    m_networks[m_pending] = origin.network;
    m_votes.host.push_back(origin.host);
    return true;
}

void VoteDecoder::internPending()
{
    for (std::size_t row = 0; row < m_pending; ++row)
        m_votes.token.push_back(m_tokens.intern(m_tokenKeys[row]));
    for (std::size_t row = 0; row < m_pending; ++row)
        m_votes.post.push_back(m_posts.intern(m_postKeys[row]));
    for (std::size_t row = 0; m_layout.hasOrigins && row < m_pending; ++row)
        pushNetwork(m_networks[row]);
    m_pending = 0;
}

bool VoteDecoder::takeAny(std::string_view row)
{
    FieldReader fields{row, static_cast<std::uint16_t>(kFields + (m_layout.hasOrigins ? 1 : 0))};
    if (m_voided != nullptr) {
        FieldReader first = fields;
        bool isLeftOut = false;
        withKey(first, m_layout.voteKey, [&](auto key) { isLeftOut = isVoided(key); });
        if (isLeftOut)
            return true;
    }
    const bool hasKey = pushNext(fields, m_layout.voteKey, m_votes.voteKeys);
    m_votes.token.push_back(internNext(fields, m_layout.token, m_votes.tokens));
    m_votes.post.push_back(internNext(fields, m_layout.post, m_votes.posts));
    fields.next();
    const std::string_view value = fields.bytes(4);
    m_votes.value.push_back(fields.ok() ? std::bit_cast<float>(wire32(value.data())) : 0.0F);
    fields.next();
    m_votes.castAt.push_back(fields.micros());
    if (m_layout.hasOrigins) {
        fields.next();
        const domain::Origin origin = originOf(fields.isNull() ? std::string_view{} : fields.bytes());
        pushNetwork(origin.network);
        m_votes.host.push_back(origin.host);
    }
    return fields.ok() && hasKey && m_votes.token.back() != kNoIndex && m_votes.post.back() != kNoIndex;
}

AttemptDecoder::AttemptDecoder(const ScanLayout& layout, bool withText, domain::VoteColumns& tables,
                               domain::AttemptColumns& attempts) :
    m_layout{layout}, m_withText{withText}, m_tables{tables}, m_attempts{attempts}
{
}

bool AttemptDecoder::take(std::string_view row)
{
    FieldReader fields{row, static_cast<std::uint16_t>(m_withText ? 10 : 7)};
    const bool hasKey = pushNext(fields, m_layout.attemptKey, m_attempts.keys);
    m_attempts.token.push_back(internNext(fields, m_layout.token, m_tables.tokens));
    m_attempts.post.push_back(internNext(fields, m_layout.post, m_tables.posts));
    fields.next();
    m_attempts.attemptedAt.push_back(fields.micros());
    fields.next();
    m_attempts.finishedAt.push_back(fields.isNull() ? m_attempts.attemptedAt.back() : fields.micros());
    fields.next();
    m_attempts.outcome.push_back(domain::attemptOutcomeOf(fields.bytes()).value_or(domain::AttemptOutcome::Error));
    if (!pushNext(fields, m_layout.attemptVote, m_attempts.votes))
        m_attempts.votes.push(std::string_view{});
    if (m_withText) {
        fields.next();
        m_attempts.sqlstate.emplace_back(fields.bytes());
        fields.next();
        m_attempts.origin.emplace_back(fields.bytes());
        fields.next();
        const std::string_view request = fields.isNull() ? std::string_view{} : fields.bytes(8);
        m_attempts.request.push_back(fields.ok() && !request.empty() ? wire64(request.data()) : 0);
    }
    return fields.ok() && hasKey && m_attempts.post.back() != kNoIndex;
}

PostDecoder::PostDecoder(const ScanLayout& layout, domain::VoteColumns& tables, domain::PostColumns& posts) :
    m_layout{layout}, m_tables{tables}, m_posts{posts}
{
}

bool PostDecoder::take(std::string_view row)
{
    FieldReader fields{row, 5};
    const Index post = internNext(fields, m_layout.post, m_tables.posts);
    fields.next();
    const std::string_view counter = fields.isNull() ? std::string_view{} : fields.bytes(8);
    fields.next();
    const bool hasAuthor = !fields.isNull();
    const std::string_view author = fields.bytes();
    const auto nextTime = [&] {
        fields.next();
        if (fields.isNull())
            return domain::kNoTime;
        const std::string_view bytes = fields.bytes(8);
        const std::int64_t wire = fields.ok() ? static_cast<std::int64_t>(wire64(bytes.data())) : 0;
        // infinity and -infinity: it never closes, or was always there
        const bool isEndless =
            wire == std::numeric_limits<std::int64_t>::max() || wire == std::numeric_limits<std::int64_t>::min();
        return isEndless ? domain::kNoTime : fields.micros();
    };
    const std::int64_t openedAt = nextTime();
    const std::int64_t closedAt = nextTime();
    if (!fields.ok() || post == kNoIndex)
        return false;
    m_posts.post.push_back(post);
    m_posts.counter.push_back(counter.empty() ? std::numeric_limits<double>::quiet_NaN()
                                              : std::bit_cast<double>(wire64(counter.data())));
    m_posts.openedAt.push_back(openedAt);
    m_posts.closedAt.push_back(closedAt);
    if (hasAuthor)
        m_tables.setAuthor(post, m_tables.tokens.intern(author));
    return true;
}

EarlierScoreDecoder::EarlierScoreDecoder(const ScanLayout& layout, domain::VoteColumns& votes) : m_layout{layout}, m_votes{votes}
{
}

bool EarlierScoreDecoder::take(std::string_view row)
{
    FieldReader fields{row, 2};
    const Index post = internNext(fields, m_layout.post, m_votes.posts);
    fields.next();
    const std::string_view score = fields.isNull() ? std::string_view{} : fields.bytes(8);
    if (!fields.ok() || post == kNoIndex)
        return false;
    if (!score.empty())
        m_votes.addEarlierScore(post, std::bit_cast<double>(wire64(score.data())));
    return true;
}

} // namespace scr::store
