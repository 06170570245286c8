#include "verify/verify.h"

#include "verify/entries.h"
#include "verify/votes.h"

namespace scr::verify {

namespace {

class Verification {
public:
    Verification(const std::string& path, const Keys& keys, const KeepGoing& keepGoing) :
        m_pack{path, m_findings, keepGoing}, m_keys{keys}
    {
    }

    Verdict run()
    {
        readManifests(m_pack);
        File* file = m_pack.find("data/pack.json");
        const auto description = file ? descriptionOf(m_pack.load(*file)) : std::nullopt;
        if (file && !description)
            m_findings.add(file->path, 0, "not a description of a pack");
        checkSignature(description);
        if (description) {
            say("format", "scrutineer-evidence/1");
            say("exporter", m_keys.exporter ? *m_keys.exporter + " given" : description->exporter + " from-pack");
            const auto timeOf = [](const std::optional<std::int64_t>& time) { return time ? std::to_string(*time) : "open"; };
            say("period", timeOf(description->from) + ' ' + timeOf(description->to));
            say("rows", description->hasAllAttempts ? "all" : "chosen");
            checkLog(*description);
        }
        checkRest();
        return outcome();
    }

private:
    static std::string countLine(const char* word, std::uint64_t count)
    {
        return std::string{word} + ' ' + std::to_string(count) + '\n';
    }
    void say(const std::string& word, const std::string& value) { m_head += word + ' ' + printable(value) + '\n'; }

    void checkSignature(const std::optional<Description>& description)
    {
        File* signature = m_pack.find(kSignature);
        File* file = m_pack.find(kSigned);
        const std::string key = m_keys.exporter.value_or(description ? description->exporter : "");
        if (signature && !isSignedBy(file ? m_pack.load(*file) : "", m_pack.load(*signature), key))
            m_findings.add(kSignature, 0, "not signed with the exporter's key");
    }

    void checkLog(const Description& description)
    {
        const std::string text = m_keys.log.value_or(description.key);
        if (text != description.key)
            m_findings.add("data/pack.json", 0, "names another key of the log than the one given");
        File* file = m_pack.find("data/log/checkpoint");
        const auto key = logKeyOf(text);
        const auto checkpoint = file && key ? checkpointOf(m_pack.load(*file, kMostNote), *key) : std::nullopt;
        if (!file)
            return;
        if (!checkpoint)
            m_findings.add(file->path, 0, "not signed with the log's key");
        else if (checkpoint->origin != description.origin || checkpoint->size != description.size)
            m_findings.add(file->path, 0, "of another log or size than pack.json says");
        else
            checkTree(description, *checkpoint, *key, text);
    }

    void checkTree(const Description& description, const Checkpoint& checkpoint, const LogKey& key, const std::string& keyText)
    {
        Tiles tiles{m_pack, checkpoint.size};
        if (tiles.rootOf(checkpoint.size) != checkpoint.root)
            m_findings.add("data/log/checkpoint", 0, "the tiles do not come to its root");
        say("origin", checkpoint.origin);
        say("size", std::to_string(checkpoint.size));
        say("root", hexOf(checkpoint.root));
        say("key", keyText + (m_keys.log ? " given" : " from-pack"));
        say("checkpoints", std::to_string(checkEarlier(tiles, checkpoint, key)));
        Entries entries{m_pack, description};
        checkEntries(tiles, entries);
        auto sorted = std::async(std::launch::async, [&] { return Votes{m_pack, entries}; });
        checkRest(); // meanwhile
        Votes votes = sorted.get();
        const bool isAnyInPeriod = entries.firstPlace <= entries.lastPlace;
        const std::uint64_t first = description.from ? entries.firstPlace : 0;
        const std::uint64_t last = description.to ? entries.lastPlace : (checkpoint.size - 1) / Tiles::kWidth;
        if (description.hasAllAttempts && checkpoint.size > 0 && (isAnyInPeriod || (!description.from && !description.to)))
            tiles.demandBundles(first, last);
        votes.check();
        m_counts = countLine("entries", entries.count) + countLine("attempts", entries.attempts.good) +
                   countLine("decisions", entries.decisions.good) + countLine("votes", votes.good) +
                   countLine("votes-without-attempt", votes.withoutAttempt) + countLine("requests", checkVoids(m_pack, entries));
    }

    std::uint64_t checkEarlier(Tiles& tiles, const Checkpoint& newest, const LogKey& key)
    {
        constexpr std::string_view kFolder = "data/log/checkpoints/";
        std::uint64_t good = 0;
        for (auto& [path, file] : m_pack.files) {
            if (!path.starts_with(kFolder) || path.find('/', kFolder.size()) != std::string::npos)
                continue;
            const auto size = decimal(std::string_view{path}.substr(kFolder.size()), 19);
            const auto checkpoint = checkpointOf(m_pack.load(file, kMostNote), key);
            if (!size || *size == 0 || *size >= newest.size || !checkpoint || checkpoint->size != *size ||
                checkpoint->origin != newest.origin)
                m_findings.add(path, 0, "not an earlier checkpoint of this log");
            else if (tiles.rootOf(*size) != checkpoint->root)
                m_findings.add(path, 0, "not the beginning of the log");
            else
                ++good;
        }
        return good;
    }

    void checkEntries(Tiles& tiles, Entries& entries)
    {
        constexpr std::size_t kAtATime = 8; // of a bundle there may be 16 MB
        entries.casts.reserve(Tiles::kWidth * tiles.places.size());
        const auto nextBatch = [&, place = tiles.places.begin()]() mutable -> std::function<Batch()> {
            std::vector<std::uint64_t> some;
            for (; place != tiles.places.end() && some.size() < kAtATime; ++place)
                some.push_back(*place);
            if (some.empty())
                return nullptr;
            return [&, some] { return entries.batchOf(tiles, some); };
        };
        inOrder(m_pack.allBytes, nextBatch, [&entries](const Batch& batch) { entries.take(batch); });
        entries.attempts.skipTo(UINT64_MAX);
        entries.decisions.skipTo(UINT64_MAX);
    }

    /// Files that nothing else has read.
    void checkRest()
    {
        std::string piece;
        for (auto& [path, file] : m_pack.files) {
            if (file.listed.empty() || file.isChecked)
                continue;
            for (Pack::Reader reader{m_pack, file}; reader.append(piece); piece.clear()) {
            }
        }
    }

    Verdict outcome()
    {
        say("files", std::to_string(m_pack.files.size()));
        say("bytes", std::to_string(m_pack.allBytes));
        std::string text = m_head + m_counts + "findings " + std::to_string(m_findings.count) + '\n';
        for (const auto& [path, number, what] : m_findings.first)
            text += printable(path + ": " + what) + '\n';
        const bool isGood = m_findings.count == 0;
        return {isGood, text + (isGood ? "verified\n" : "NOT verified\n")};
    }

    Findings m_findings;
    Pack m_pack;
    const Keys& m_keys;
    std::string m_head;   ///< lines of what was found before the entries
    std::string m_counts; ///< and of the entries and rows
};

} // namespace

Verdict verifyPack(const std::string& path, const Keys& keys, const KeepGoing& keepGoing)
{
    if (sodium_init() < 0)
        throw std::runtime_error{"libsodium cannot be used here"};
    const std::string exporter = bytesOfBase64(keys.exporter.value_or("")).value_or("");
    if ((keys.log && !logKeyOf(*keys.log)) ||
        (keys.exporter && (exporter.size() != 10 + crypto_sign_PUBLICKEYBYTES || !exporter.starts_with("Ed"))))
        throw std::invalid_argument{"that is no public key"};
    return Verification{path, keys, keepGoing}.run();
}

} // namespace scr::verify
