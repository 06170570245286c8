#include <QDirIterator>
#include <QFile>
#include <QTest>

#include <nlohmann/json.hpp>

#include "audit/frontier.h"
#include "audit/proof.h"
#include "audit/tiles.h"
#include "audit/tree.h"

using namespace scr::audit;

namespace {

const QString kVectors = QStringLiteral(SCRUTINEER_SOURCE_DIR "/../shared/vectors/");

nlohmann::json jsonOf(const QString& path)
{
    QFile file{path};
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return nlohmann::json::parse(file.readAll().toStdString());
}

std::vector<Hash> leaves(std::size_t count)
{
    std::vector<Hash> all;
    for (std::size_t i = 0; i < count; ++i)
        all.push_back(leafHash("entry " + std::to_string(i)));
    return all;
}

/// The definition of RFC 6962, section 2.1, and nothing else: what the others are held against.
Hash definedRoot(std::span<const Hash> leaves)
{
    if (leaves.empty())
        return emptyRoot();
    if (leaves.size() == 1)
        return leaves.front();
    std::size_t split = 1;
    while (split * 2 < leaves.size())
        split *= 2;
    return nodeHash(definedRoot(leaves.first(split)), definedRoot(leaves.subspan(split)));
}

/// A proof of the vectors; nothing when one of its hashes is not 32 bytes.
std::optional<Proof> proofOf(const nlohmann::json& list)
{
    Proof proof;
    for (const auto& text : list.is_null() ? nlohmann::json::array() : list) {
        const auto hash = hashOfBase64(text.get<std::string>());
        if (!hash)
            return std::nullopt;
        proof.push_back(*hash);
    }
    return proof;
}

std::optional<Hash> hashIn(const nlohmann::json& probe, const char* name)
{
    return probe[name].is_string() ? hashOfBase64(probe[name].get<std::string>()) : std::nullopt;
}

} // namespace

class TestMerkle : public QObject {
    Q_OBJECT
private slots:
    void rootsOfTheRfc()
    {
        const auto vectors = jsonOf(kVectors + QStringLiteral("rfc6962_tree.json"));
        if (vectors.is_null())
            QSKIP("the public vectors are not beside the checkout");
        Frontier frontier;
        MemoryHashes memory;
        std::vector<Subtree> full;
        const auto& roots = vectors["root_by_size_hex"];
        for (std::size_t size = 0; size < roots.size(); ++size) {
            QCOMPARE(hexOf(frontier.root()), roots[size].get<std::string>());
            QCOMPARE(hexOf(*Tree{memory, size}.root(size)), roots[size].get<std::string>());
            if (size + 1 == roots.size())
                break;
            const Hash leaf = leafHash(*bytesOfHex(vectors["leaf_inputs_hex"][size].get<std::string>()));
            frontier.append(leaf, full);
            memory.append(leaf);
        }
    }

    void probes_data()
    {
        QTest::addColumn<QString>("file");
        for (const auto* kind : {"inclusion", "consistency"}) {
            QDirIterator files{kVectors + QStringLiteral("merkle/") + QLatin1String{kind}, QDir::Files,
                               QDirIterator::Subdirectories};
            while (files.hasNext()) {
                const QString path = files.next();
                QTest::newRow(qPrintable(path.mid(kVectors.size()))) << path;
            }
        }
        if (!QDir{kVectors}.exists())
            QTest::newRow("none") << QString{};
    }
    void probes()
    {
        QFETCH(QString, file);
        if (file.isEmpty())
            QSKIP("the public vectors are not beside the checkout");
        const auto probe = jsonOf(file);
        const auto proof = proofOf(probe["proof"]);
        bool good = false;
        if (probe.contains("leafIdx")) {
            const auto leaf = hashIn(probe, "leafHash");
            const auto root = hashIn(probe, "root");
            good = proof && leaf && root &&
                   verifyInclusion(*leaf, probe["leafIdx"].get<std::uint64_t>(), probe["treeSize"].get<std::uint64_t>(), *proof,
                                   *root);
        } else {
            const auto root1 = hashIn(probe, "root1");
            const auto root2 = hashIn(probe, "root2");
            good = proof && root1 && root2 &&
                   verifyConsistency(probe["size1"].get<std::uint64_t>(), probe["size2"].get<std::uint64_t>(), *root1, *root2,
                                     *proof);
        }
        QCOMPARE(good, !probe["wantErr"].get<bool>());
    }

    void everyTreeUpTo600()
    {
        const auto all = leaves(600);
        Frontier frontier;
        MemoryHashes memory;
        std::vector<Subtree> full;
        for (std::size_t size = 1; size <= all.size(); ++size) {
            frontier.append(all[size - 1], full);
            memory.append(all[size - 1]);
            const Hash root = definedRoot(std::span{all}.first(size));
            QCOMPARE(frontier.root(), root);
            QCOMPARE(*Tree(memory, size).root(size), root);
            const auto again = Frontier::of(size, frontier.peaks());
            QVERIFY(again.has_value());
            QCOMPARE(again->root(), root);
        }
        QCOMPARE(full.size(), std::size_t{2});
        QCOMPARE(full[1].place, std::uint64_t{1});
        QCOMPARE(full[1].hash, definedRoot(std::span{all}.subspan(256, 256)));
        QVERIFY(!Frontier::of(5, frontier.peaks()).has_value());
    }

    void everyProof()
    {
        const auto all = leaves(70);
        MemoryHashes memory;
        std::vector<Hash> roots{emptyRoot()};
        for (const Hash& leaf : all) {
            memory.append(leaf);
            roots.push_back(memory.frontier().root());
        }
        Tree tree{memory, all.size()};
        for (std::uint64_t size = 1; size <= all.size(); ++size) {
            for (std::uint64_t index = 0; index < size; ++index) {
                const auto proof = tree.inclusion(index, size);
                QVERIFY(proof.has_value());
                QVERIFY(verifyInclusion(all[index], index, size, *proof, roots[size]));
                QVERIFY(!verifyInclusion(all[index], index ^ 1U, size, *proof, roots[size]) || size == 1);
                QVERIFY(!verifyInclusion(all[(index + 1) % all.size()], index, size, *proof, roots[size]));
                Proof longer = *proof;
                longer.push_back(all[0]);
                QVERIFY(!verifyInclusion(all[index], index, size, longer, roots[size]));
                const auto steps = stepsOf(all[index], index, size, *proof);
                QCOMPARE(steps->size(), proof->size());
            }
            for (std::uint64_t older = 1; older <= size; ++older) {
                auto proof = tree.consistency(older, size);
                QVERIFY(proof.has_value());
                QVERIFY(verifyConsistency(older, size, roots[older], roots[size], *proof));
                if (older < size)
                    QVERIFY(!verifyConsistency(older, size, roots[older - 1], roots[size], *proof));
                for (Hash& hash : *proof) {
                    hash[7] ^= 1;
                    QVERIFY(!verifyConsistency(older, size, roots[older], roots[size], *proof));
                    hash[7] ^= 1;
                }
            }
        }
        QVERIFY(!tree.inclusion(70, 70).has_value());
        QVERIFY(!tree.consistency(0, 70).has_value());
        QVERIFY(!verifyConsistency(0, 5, emptyRoot(), roots[5], {}));
    }

    /// 70,000 leaves is the example of tlog-tiles: three levels, the last tile of each a partial one.
    void tilesOf70000()
    {
        QCOMPARE(tilePath(0, 1'234'067, 256), std::string{"tile/0/x001/x234/067"});
        QCOMPARE(tilePath(1, 1, 17), std::string{"tile/1/001.p/17"});
        QCOMPARE(bundlePath(0, 1), std::string{"tile/entries/000.p/1"});
        QCOMPARE(tileWidth(0, 272, 70'000), std::uint64_t{256});
        QCOMPARE(tileWidth(0, 273, 70'000), std::uint64_t{112});
        QCOMPARE(tileWidth(0, 274, 70'000), std::uint64_t{0});
        QCOMPARE(tileWidth(1, 0, 70'000), std::uint64_t{256});
        QCOMPARE(tileWidth(1, 1, 70'000), std::uint64_t{17});
        QCOMPARE(tileWidth(2, 0, 70'000), std::uint64_t{1});
        QCOMPARE(tileWidth(3, 0, 70'000), std::uint64_t{0});
        MemoryHashes memory;
        Frontier frontier;
        std::vector<Subtree> full;
        for (std::uint64_t i = 0; i < 70'000; ++i) {
            const Hash leaf = leafHash(std::to_string(i));
            memory.append(leaf);
            frontier.append(leaf, full);
        }
        Tree tree{memory, 70'000};
        QCOMPARE(*tree.root(70'000), frontier.root());
        for (const std::uint64_t index : {0, 255, 256, 65'535, 65'536, 69'999})
            QVERIFY(
                verifyInclusion(leafHash(std::to_string(index)), index, 70'000, *tree.inclusion(index, 70'000), frontier.root()));
        for (const std::uint64_t older : {1, 255, 256, 257, 65'536, 69'999})
            QVERIFY(verifyConsistency(older, 70'000, *tree.root(older), frontier.root(), *tree.consistency(older, 70'000)));
    }

    void bundles()
    {
        std::string bundle;
        for (const std::string& entry : {std::string{"a"}, std::string{}, std::string(65'535, 'x')})
            appendToBundle(bundle, entry);
        const auto entries = entriesOf(bundle);
        QVERIFY(entries.has_value());
        QCOMPARE(entries->size(), std::size_t{3});
        QCOMPARE((*entries)[2].size(), std::size_t{65'535});
        QVERIFY(!entriesOf(std::string_view{bundle}.substr(0, bundle.size() - 1)).has_value());
        QVERIFY(!entriesOf(std::string_view{bundle}.substr(0, 1)).has_value());
    }

    void twoHashers()
    {
        for (const std::size_t length : {0, 1, 55, 56, 63, 64, 65, 1000, 65'535})
            QCOMPARE(leafHash(std::string(length, 'q')), leafHashAgain(std::string(length, 'q')));
    }
};

QTEST_APPLESS_MAIN(TestMerkle)
#include "tst_merkle.moc"
