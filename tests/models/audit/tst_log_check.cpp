#include <QTest>

#include <fmt/format.h>

#include "audit/log_check.h"
#include "audit/tree.h"

using namespace scr::audit;

namespace {

struct StoredLeaf {
    std::optional<Hash> hash;
    std::optional<std::string> entry;
    std::optional<std::string> copy;
    bool noHash = false; ///< the leaf is there, its hash is not one
};

std::string decision(std::uint64_t number, const std::string& detail = "no")
{
    return fmt::format("{{\"actor\":\"a\",\"at\":{0},\"detail\":\"{1}\",\"digest\":null,\"key\":\"{0}\",\"kind\":\"review\","
                       "\"outcome\":\"dismiss\",\"subject\":\"F\",\"v\":1}}",
                       number, detail);
}

/// A log of 1,000 entries with checkpoints in the middle of tiles and at their ends, as it is stored.
struct Log {
    std::vector<StoredLeaf> leaves;
    std::vector<Hash> tiles;
    std::vector<Checkpoint> checkpoints;

    Log()
    {
        MemoryHashes memory;
        for (std::uint64_t i = 0; i < 1000; ++i) {
            const std::string entry = decision(i);
            memory.append(leafHash(entry));
            leaves.push_back({leafHash(entry), entry, entry});
            if (const auto size = i + 1;
                size == 1 || size == 100 || size == 256 || size == 300 || size == 700 || size == 768 || size == 1000)
                checkpoints.push_back({"o", size, memory.frontier().root(), {}});
        }
        tiles = *memory.hashes(1, 0, 3);
    }

    [[nodiscard]] std::vector<LogFinding> check() const
    {
        LogCheck check{checkpoints};
        check.storedTile = [this](std::uint64_t tile) { return tile < tiles.size() ? std::optional{tiles[tile]} : std::nullopt; };
        for (std::uint64_t i = 0; i < leaves.size(); ++i) {
            const StoredLeaf& leaf = leaves[i];
            if (leaf.hash)
                check.take({i, leaf.noHash ? std::nullopt : leaf.hash, leaf.entry, leaf.copy});
        }
        check.finish();
        return check.findings();
    }

    [[nodiscard]] std::string told() const
    {
        std::string words;
        for (const LogFinding& finding : check())
            words += fmt::format("{}{} {}", words.empty() ? "" : ", ", nameOf(finding.mismatch),
                                 finding.first == finding.last ? fmt::format("{}", finding.first)
                                                               : fmt::format("{}-{}", finding.first, finding.last));
        return words;
    }
};

} // namespace

class TestLogCheck : public QObject {
    Q_OBJECT
private slots:
    void soundLog() { QCOMPARE(Log{}.told(), std::string{}); }

    void whatIsTold_data()
    {
        QTest::addColumn<std::function<void(Log&)>>("change");
        QTest::addColumn<QString>("told");
        const auto row = [](const char* name, std::function<void(Log&)> change, const char* told) {
            QTest::newRow(name) << change << QString::fromLatin1(told);
        };
        const Hash wrong = leafHash("wrong");
        row("an entry in a full tile", [](Log& log) { log.leaves[103].entry = decision(103, "yes"); }, "entry altered 103");
        row(
            "an entry with its columns", [](Log& log) { log.leaves[103].entry = log.leaves[103].copy = decision(103, "yes"); },
            "entry altered 103");
        row("an entry in the last tile", [](Log& log) { log.leaves[999].entry = decision(999, "yes"); }, "entry altered 999");
        row(
            "two entries", [](Log& log) { log.leaves[3].entry = log.leaves[700].entry = decision(1, "yes"); },
            "entry altered 3, entry altered 700");
        row(
            "two entries exchanged", [](Log& log) { std::swap(log.leaves[7].entry, log.leaves[8].entry); },
            "entry altered 7, entry altered 8");
        row(
            "an entry that is gone", [](Log& log) { log.leaves[400].entry = log.leaves[400].copy = std::nullopt; },
            "entry gone 400");
        row("columns that differ", [](Log& log) { log.leaves[400].copy = decision(400, "yes"); }, "columns differ 400");
        row("columns that are gone", [](Log& log) { log.leaves[400].copy = std::nullopt; }, "columns gone 400");
        row("the hash of a leaf in a full tile", [=](Log& log) { log.leaves[600].hash = wrong; }, "leaf altered 600");
        row("the hash of a leaf in the last tile", [=](Log& log) { log.leaves[900].hash = wrong; }, "leaf altered 900");
        row("a stored subtree", [=](Log& log) { log.tiles[1] = wrong; }, "subtree altered 256-511");
        row("a leaf that is gone", [](Log& log) { log.leaves[600].hash = std::nullopt; }, "leaf gone 600, unverifiable 512-767");
        row(
            "entry and hash together in a full tile",
            [](Log& log) {
                log.leaves[600].entry = log.leaves[600].copy = decision(600, "yes");
                log.leaves[600].hash = leafHash(*log.leaves[600].entry);
            },
            "unverifiable 512-767");
        row(
            "entry and hash together in the last tile",
            [](Log& log) {
                log.leaves[900].entry = log.leaves[900].copy = decision(900, "yes");
                log.leaves[900].hash = leafHash(*log.leaves[900].entry);
            },
            "unverifiable 768-999");
        row(
            "a hash that is none, with its entry",
            [](Log& log) {
                log.leaves[600].entry = log.leaves[600].copy = decision(600, "yes");
                log.leaves[600].noHash = true;
            },
            "leaf altered 600, unverifiable 512-767");
        row(
            "an entry and the hash of its tile",
            [](Log& log) {
                log.leaves[100].entry = log.leaves[100].copy = decision(100, "yes");
                MemoryHashes memory;
                for (std::size_t i = 0; i < 256; ++i)
                    memory.append(leafHash(*log.leaves[i].entry));
                log.tiles[0] = memory.frontier().root();
            },
            "entry altered 100, subtree altered 0-255");
        row(
            "many leaves that are gone",
            [](Log& log) {
                for (std::size_t i = 900; i < 950; ++i)
                    log.leaves[i].hash = std::nullopt;
            },
            "leaf gone 900-949, unverifiable 768-999");
        row("the end cut off", [](Log& log) { log.leaves.resize(900); }, "checkpoint gone 1000");
        row("a root that was signed for another log", [=](Log& log) { log.checkpoints[4].root = wrong; }, "checkpoint bad 700");
    }
    void whatIsTold()
    {
        QFETCH(std::function<void(Log&)>, change);
        QFETCH(QString, told);
        Log log;
        change(log);
        QCOMPARE(QString::fromStdString(log.told()), told);
    }

    void columnsAreNamed()
    {
        Log log;
        log.leaves[400].copy = decision(400, "yes");
        QCOMPARE(log.check().front().detail, std::string{"leaf 400: detail is \"yes\" and was sealed as \"no\""});
    }

    void manyFindingsAreCounted()
    {
        LogCheck check{{}};
        for (std::uint64_t i = 0; i < 2000; ++i)
            check.take({i, leafHash("x"), "y", {}});
        QCOMPARE(check.findingCount(), std::uint64_t{2000});
        QCOMPARE(check.findings().size(), std::size_t{1000});
    }
};

QTEST_APPLESS_MAIN(TestLogCheck)
#include "tst_log_check.moc"
