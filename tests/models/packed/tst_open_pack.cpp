#include <filesystem>
#include <fstream>

#include <QTemporaryDir>
#include <QTest>

#include "evidence/archive.h"
#include "packed/packed_audit_source.h"
#include "packed/packed_log_source.h"
#include "packed/packed_vote_source.h"
#include "support/pack.h"

using namespace scr;
using domain::Fault;

/// Packs that are not what they should be: opened as far as they go, and never beyond their folder.
class TestOpenPack : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        test::makePack({file("pack")});
        test::makePack({file("pack.tar")});
        test::PackRecipe part{file("part")};
        part.attempts = 2000;
        part.from = 1500;
        part.earlier = 700;
        test::makePack(part);
    }

    void aFolderAndAnArchiveOpen()
    {
        for (const char* name : {"pack", "pack.tar"}) {
            const auto pack = packed::openPack(file(name), {});
            QVERIFY2(pack.has_value(), pack ? "" : pack.error().detail.c_str());
            QVERIFY((*pack)->remarks.empty());
            packed::PackedVoteSource votes{*pack};
            QCOMPARE(votes.countVotes({}).result().value(), 19);
        }
    }

    void whatIsMadeForItGoesWithIt()
    {
        std::string database;
        {
            const auto pack = packed::openPack(file("pack.tar"), {});
            database = (*pack)->database;
            QVERIFY(std::filesystem::exists(database));
        }
        QVERIFY(!std::filesystem::exists(std::filesystem::path{database}.parent_path()));
    }

    void noPack()
    {
        QCOMPARE(packed::openPack(file("nothing"), {}).error().fault, Fault::NotFound);
        std::filesystem::create_directory(file("empty"));
        QCOMPARE(packed::openPack(file("empty"), {}).error().fault, Fault::Corrupt);
        write(file("text.tar"), std::string(4000, 'x'));
        QCOMPARE(packed::openPack(file("text.tar"), {}).error().fault, Fault::Corrupt);
        std::filesystem::create_directories(file("odd/data"));
        for (const char* json :
             {"", "[]", "{\"format\":7}", "{\"format\":\"scrutineer-evidence/2\"}", "{\"format\":\"scrutineer-evidence/1\"}"}) {
            write(file("odd/data/pack.json"), json);
            QCOMPARE(packed::openPack(file("odd"), {}).error().fault, Fault::Corrupt);
        }
    }

    /// An archive whose member would be written beside the folder.
    void anArchiveStaysInItsFolder()
    {
        std::string bytes = read(file("pack.tar"));
        const std::string name = "pack/bag-info.txt";
        QCOMPARE(bytes.substr(0, name.size()), name);
        for (const std::string& other :
             {std::string{"pack/../../x.txt"}, std::string{"pack/a/../b.tx"}, std::string{"/etc/passwd"}, std::string{"pack//x"},
              std::string{"pack/"}, std::string{"pack/a\nb"}}) {
            std::string broken = bytes;
            broken.replace(0, 100, other + std::string(100 - other.size(), '\0'));
            sumUp(broken);
            write(file("hostile.tar"), broken);
            const auto opened = packed::openPack(file("hostile.tar"), {});
            QVERIFY2(!opened && opened.error().fault == Fault::Corrupt, other.c_str());
        }
        QVERIFY(!std::filesystem::exists(file("x.txt")));
        for (const std::size_t length : {std::size_t{0}, std::size_t{600}, bytes.size() / 2, bytes.size() / 512 / 2 * 512}) {
            write(file("short.tar"), bytes.substr(0, length));
            QVERIFY(!packed::openPack(file("short.tar"), {}).has_value());
        }
    }

    void spoiltTablesAreToldAndTheRestIsThere()
    {
        std::filesystem::copy(file("pack"), file("spoilt"), std::filesystem::copy_options::recursive);
        const std::string votes = file("spoilt/data/rows/votes.csv");
        write(votes, read(votes) + "99,tok-1,1,a,not a number,2026-02-02T00:00:00Z,,counted\n98,tok-1\n");
        write(file("spoilt/data/rows/posts.csv"), "something else\n1,2\n");
        std::filesystem::remove(file("spoilt/data/rows/tokens.csv"));
        write(file("spoilt/data/flags.jsonl"), "{}\nno json\n");
        const auto pack = packed::openPack(file("spoilt"), {});
        QVERIFY2(pack.has_value(), pack ? "" : pack.error().detail.c_str());
        QCOMPARE((*pack)->remarks.size(), 4U);
        QVERIFY2((*pack)->remarks[2].starts_with("2 rows of data/rows/votes.csv"), (*pack)->remarks[2].c_str());
        packed::PackedVoteSource source{*pack};
        QCOMPARE(source.countVotes({}).result().value(), 19);
    }

    /// Numbers beyond what they can be: the row is told, nothing goes beyond its place.
    void numbersThatCannotBe()
    {
        std::filesystem::copy(file("pack"), file("numbers"), std::filesystem::copy_options::recursive);
        const std::string attempts = file("numbers/data/rows/attempts.csv");
        write(attempts, read(attempts) + "-1,90,cast,tok-1,1,1,2026-02-02T00:00:00Z,,accepted,,,,r\n"
                                         "9223372036854775807,91,cast,tok-1,1,1,2026-02-02T00:00:00Z,,accepted,,,,r\n"
                                         "99999999999999999999,92,cast,tok-1,1,1,2026-02-02T00:00:00Z,,accepted,,,,r\n"
                                         ",93,cast,tok-1,1,1,2026-02-02T00:00:00Z,,accepted,,,,r\n");
        const std::string votes = file("numbers/data/rows/votes.csv");
        write(votes, read(votes) +
                         "90,tok-1,1,a,1e400,2026-02-02T00:00:00Z,,counted\n91,tok-1,1,a,nan,2026-02-02T00:00:00Z,,counted\n"
                         "92,tok-1,1,a,1,,,counted\n1,tok-1,1,a,1,2026-02-02T00:00:00Z,,counted\n");
        const auto pack = packed::openPack(file("numbers"), {});
        QVERIFY(pack.has_value());
        QCOMPARE((*pack)->remarks.size(), 3U);
        QVERIFY2((*pack)->remarks[0].starts_with("3 rows of data/rows/votes.csv"), (*pack)->remarks[0].c_str());
        QVERIFY2((*pack)->remarks[1].starts_with("3 rows of data/rows/attempts.csv"), (*pack)->remarks[1].c_str());
        QVERIFY2((*pack)->remarks[2].starts_with("1 votes are in"), (*pack)->remarks[2].c_str());
        QVERIFY(!packed::isAsListed(**pack));
        packed::PackedAuditSource audit{*pack};
        const auto page = audit.entriesAfter({}, std::nullopt, 100).result();
        QCOMPARE(page->rows.size(), 24U);
        packed::PackedLogSource log{*pack};
        for (const std::uint64_t first : {std::uint64_t{23}, UINT64_MAX, UINT64_MAX - 1})
            QVERIFY(!log.hashes(1, 0, first, 1).has_value());
        for (const char* size : {"-1", "9007199254740992", "18446744073709551615", "1.5", "\"7\"", "null"}) {
            const std::string json = read(file("pack/data/pack.json"));
            const auto at = json.find("\"size\":");
            write(file("numbers/data/pack.json"), json.substr(0, at + 7) + size + json.substr(json.find(',', at)));
            QVERIFY2(!packed::openPack(file("numbers"), {}).has_value(), size);
        }
    }

    void linksAreNotFollowed()
    {
        std::filesystem::copy(file("pack"), file("linked"), std::filesystem::copy_options::recursive);
        std::filesystem::remove(file("linked/data/rows/votes.csv"));
        std::filesystem::create_symlink(file("pack/data/rows/votes.csv"), file("linked/data/rows/votes.csv"));
        const auto pack = packed::openPack(file("linked"), {});
        QVERIFY(pack.has_value());
        packed::PackedVoteSource votes{*pack};
        QCOMPARE(votes.countVotes({}).result().value(), 0);
    }

    void anotherEpoch()
    {
        test::PackRecipe later{file("later")};
        later.epoch = 2;
        test::makePack(later);
        const auto pack = packed::openPack(file("later"), {});
        QVERIFY(pack.has_value());
        QCOMPARE(packed::PackedLogSource{*pack}.epochs()->front().epoch, 2);
        QVERIFY(packed::isAsListed(**pack));
    }

    void itCanBeStopped()
    {
        const auto stopped = packed::openPack(file("pack"), [](std::uint64_t, std::uint64_t) { return false; });
        QCOMPARE(stopped.error().fault, Fault::Cancelled);
    }

    /// Of a part of the log the entries are there, of the rest what leads to the root.
    void aPartOfTheLog()
    {
        const auto pack = packed::openPack(file("part"), {});
        QVERIFY(pack.has_value());
        packed::PackedLogSource log{*pack};
        QCOMPARE(log.epochs()->front().size, 2003U);
        QCOMPARE(log.checkpoints(1, std::nullopt)->size(), 2U);
        QCOMPARE(log.milestones(1, 2003, 10)->front().size, 700U);
        std::vector<std::uint64_t> leaves;
        QVERIFY(log.eachLeaf(1, 0, 2003,
                             [&leaves](const audit::LeafReading& leaf) {
                                 leaves.push_back(leaf.leaf);
                                 return leaf.hash && leaf.entry && audit::leafHash(*leaf.entry) == *leaf.hash;
                             })
                    .has_value());
        QCOMPARE(leaves.size(), 2003U - 1500U / 256U * 256U);
        ports::EpochHashes hashes{log, 1};
        audit::Tree tree{hashes, 2003};
        QVERIFY(tree.root(2003).has_value());
        QVERIFY(tree.root(700).has_value());
        QVERIFY(tree.inclusion(1600, 2003).has_value());
        QCOMPARE(log.hashes(1, 0, 5, 1).error().fault, Fault::NotFound);
        QVERIFY(!log.hashes(1, 0, 2000, 100).has_value());
    }

private:
    [[nodiscard]] std::string file(const std::string& name) const { return m_folder.path().toStdString() + '/' + name; }
    static std::string read(const std::string& path)
    {
        std::ifstream in{path, std::ios::binary};
        return {std::istreambuf_iterator<char>{in}, {}};
    }
    static void write(const std::string& path, const std::string& bytes) { std::ofstream{path, std::ios::binary} << bytes; }

    /// A header's checksum is over its bytes, itself taken as spaces.
    static void sumUp(std::string& header)
    {
        header.replace(148, 8, 8, ' ');
        unsigned sum = 0;
        for (std::size_t i = 0; i < 512; ++i)
            sum += static_cast<unsigned char>(header[i]);
        header.replace(148, 8, QByteArray::number(sum, 8).rightJustified(6, '0').toStdString() + std::string{'\0', ' '});
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestOpenPack)
#include "tst_open_pack.moc"
