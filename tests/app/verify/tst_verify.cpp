#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <QtEndian>

#include "support/pack.h"
#include "verify/sha256.h"
#include "verify/verify.h"

using namespace scr;

namespace {

/// The second verifier, as a process that is asked again and again.
class SecondVerifier {
public:
    explicit SecondVerifier(const QStringList& options)
    {
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(QStringLiteral("/usr/bin/python3"),
                        {QStringLiteral(SCRUTINEER_SOURCE_DIR "/tests/app/verify/serve_packs.py"), options.at(1), options.at(3)});
        if (!m_process.waitForStarted())
            qFatal("there is no python3");
    }
    ~SecondVerifier()
    {
        m_process.closeWriteChannel();
        m_process.waitForFinished();
    }

    /// What it prints of an archive, with the exit code before it.
    QByteArray askedAbout(const QByteArray& archive)
    {
        m_process.write(number(archive.size()) + archive);
        const QByteArray code = read(1);
        const QByteArray text = read(qFromBigEndian<quint32>(read(4).constData()));
        return QByteArray::number(static_cast<int>(code.at(0))) + '\n' + text;
    }

private:
    static QByteArray number(qsizetype value)
    {
        QByteArray bytes(4, '\0');
        qToBigEndian(static_cast<quint32>(value), bytes.data());
        return bytes;
    }
    QByteArray read(qint64 count)
    {
        QByteArray bytes;
        while (bytes.size() < count) {
            if (m_process.bytesAvailable() == 0 && !m_process.waitForReadyRead(60'000))
                qFatal("the second verifier does not answer");
            bytes += m_process.read(count - bytes.size());
        }
        return bytes;
    }

    QProcess m_process;
};

QByteArray bytesOf(const QString& path)
{
    QFile file{path};
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s cannot be read", qPrintable(path));
    return file.readAll();
}

void writeFile(const QString& path, const QByteArray& bytes)
{
    QFile file{path};
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("%s cannot be written", qPrintable(path));
}

/// Of a tar file what stands where.
struct Member {
    QByteArray path;
    qsizetype begin{};
    qsizetype size{};
};
QList<Member> membersOf(const QByteArray& archive)
{
    QList<Member> members;
    for (qsizetype at = 0; at + 1024 < archive.size();) {
        const QByteArray name{archive.constData() + at};
        const qsizetype size = archive.mid(at + 124, 11).toLongLong(nullptr, 8);
        members.push_back({name.mid(5), at + 512, size});
        at += 512 + (size + 511) / 512 * 512;
    }
    return members;
}

} // namespace

/// Both verifiers on packs that are as they should be, and on such as somebody changed.
class TestVerify : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { QVERIFY(m_folder.isValid()); }

    void goodPacksVerify_data()
    {
        QTest::addColumn<test::PackRecipe>("recipe");
        const auto add = [](const char* name, test::PackRecipe recipe) { QTest::newRow(name) << recipe; };
        add("a few entries", {});
        add("a full tile and a little", {{}, 300, 40, 256, 0, false, false});
        add("two levels, an earlier checkpoint", {{}, 70'000, 900, 66'000, 0, false, false});
        add("the end of a log", {{}, 2000, 30, 700, 1500, false, false});
        add("one token", {{}, 2000, 30, 0, 900, false, true});
        add("pseudonyms", {{}, 600, 30, 0, 0, true, false});
    }
    void goodPacksVerify()
    {
        QFETCH(test::PackRecipe, recipe);
        const auto [archive, keys] = made(recipe);
        const QByteArray answer = both(archive, keys);
        QVERIFY2(answer.startsWith("0\n") && answer.endsWith("findings 0\nverified\n"), answer);
        QVERIFY2(!answer.contains("entries 0\n"), answer);
    }

    /// The same in a folder, by the programs themselves.
    void aFolderVerifiesAsItsArchiveDoes()
    {
        test::PackRecipe recipe;
        recipe.path = m_folder.filePath(QStringLiteral("as-folder")).toStdString();
        const test::PackKeys keys = test::makePack(recipe);
        const auto answer = programs(QString::fromStdString(recipe.path), keys);
        QVERIFY2(answer.startsWith("0\n") && answer.endsWith("verified\n"), answer);
        // Whatever lies there and should not.
        QVERIFY(QDir{}.mkpath(QString::fromStdString(recipe.path) + QStringLiteral("/data/empty/folder")));
        QVERIFY(QFile::link(QStringLiteral("/etc/hostname"), QString::fromStdString(recipe.path) + QStringLiteral("/data/link")));
        writeFile(QString::fromStdString(recipe.path) + QStringLiteral("/data/rows/new\x1b[2J.csv"), "more");
        const auto found = programs(QString::fromStdString(recipe.path), keys);
        QVERIFY2(found.startsWith("1\n"), found);
        for (const char* finding : {"data/empty: not listed", "data/empty/folder: not listed", "data/link: not a plain file",
                                    "data/rows/new%1b[2J.csv: not listed", "findings 4"})
            QVERIFY2(found.contains(finding), found);
    }

    void keysThatAreNotThePacks()
    {
        const auto [archive, keys] = made({});
        const auto [other, otherKeys] = made({});
        QVERIFY(both(archive, {otherKeys.exporter, keys.log}).contains("not signed with the exporter's key"));
        const QByteArray answer = both(archive, {keys.exporter, otherKeys.log});
        QVERIFY2(answer.contains("names another key of the log than the one given"), answer);
        QVERIFY2(answer.contains("data/log/checkpoint: not signed with the log's key"), answer);
        for (const char* none : {"", "x"}) {
            QVERIFY_EXCEPTION_THROWN((void)verify::verifyPack("/nowhere", {none, {}}), std::invalid_argument);
            QVERIFY_EXCEPTION_THROWN((void)verify::verifyPack("/nowhere", {{}, none}), std::invalid_argument);
        }
        QVERIFY_EXCEPTION_THROWN((void)verify::verifyPack("/nowhere", {}), std::exception);
    }

    /// Every bit of every file, one after the other: found, and the file named. As many as there is time for; with
    /// SCRUTINEER_EVERY_BIT all of them, by both but for files of which only the hash is looked at: there every 50th, or with
    /// SCRUTINEER_EVERY_BIT=both as well all (that takes half an hour; QTEST_FUNCTION_TIMEOUT has to allow for it).
    void everyBit()
    {
        const auto [archive, keys] = made({});
        const bool isAll = qEnvironmentVariableIsSet("SCRUTINEER_EVERY_BIT");
        SecondVerifier second{optionsOf(keys)};
        qsizetype flips = 0;
        qsizetype asked = 0;
        for (const Member& member : membersOf(archive)) {
            // Of files that nothing but their hash is looked at, what their hash covers is the same for every byte.
            const bool isDeep = isLookedAt(member.path);
            const qsizetype step = isAll ? 1 : isDeep ? 7 : 4099;
            for (qsizetype bit = 0; bit < member.size * 8; bit += step, ++flips) {
                QByteArray changed = archive;
                changed[member.begin + bit / 8] = static_cast<char>(changed.at(member.begin + bit / 8) ^ (1 << bit % 8));
                const QByteArray answer = first(changed, keys);
                QVERIFY2(answer.startsWith("1\n") && answer.contains(member.path), nameOf(member, bit, answer));
                if (flips % byBoth(isDeep, 40) == 0) {
                    QCOMPARE(second.askedAbout(changed), answer);
                    ++asked;
                }
            }
            if (isAll)
                qInfo("%s: %lld bits", member.path.constData(), static_cast<long long>(member.size * 8));
        }
        qInfo("%lld single bits, %lld of them by both", static_cast<long long>(flips), static_cast<long long>(asked));
    }

    /// Headers and padding of an archive.
    void everyByteBetweenFiles()
    {
        const auto [archive, keys] = made({});
        SecondVerifier second{optionsOf(keys)};
        const auto members = membersOf(archive);
        for (qsizetype at = 0; at < archive.size(); at += 13) {
            const bool isInFile = std::any_of(members.begin(), members.end(), [&](const Member& member) {
                return at >= member.begin && at < member.begin + member.size;
            });
            if (isInFile)
                continue;
            QByteArray changed = archive;
            changed[at] = static_cast<char>(changed.at(at) ^ 4);
            const QByteArray answer = first(changed, keys);
            QVERIFY2(answer.startsWith("1\n") && answer.contains("pack.tar: not as a pack's archive is"), answer);
            if (at % 39 == 0)
                QCOMPARE(second.askedAbout(changed), answer);
        }
    }

    /// Bytes and lines that are taken out, put in, exchanged, and files that end early; with SCRUTINEER_EVERY_BIT everywhere, and
    /// by both as above.
    void everyChange()
    {
        const auto [archive, keys] = made({});
        SecondVerifier second{optionsOf(keys)};
        const auto members = membersOf(archive);
        const bool isAll = qEnvironmentVariableIsSet("SCRUTINEER_EVERY_BIT");
        std::mt19937 random{20261129}; // NOLINT: the same every time
        qsizetype changes = 0;
        for (const Member& member : members) {
            const QByteArray bytes = archive.mid(member.begin, member.size);
            const qsizetype step = isAll ? 1 : std::max<qsizetype>(1, member.size / 60);
            for (qsizetype at = 0; at <= bytes.size(); at += step) {
                for (const QByteArray& changed : changesAt(bytes, at, random)) {
                    if (changed == bytes)
                        continue;
                    const QByteArray whole = with(archive, members, member.path, changed);
                    const QByteArray answer = first(whole, keys);
                    QVERIFY2(answer.startsWith("1\n") && answer.contains(member.path), nameOf(member, at, answer));
                    if (++changes % byBoth(isLookedAt(member.path), 9) == 0)
                        QCOMPARE(second.askedAbout(whole), answer);
                }
            }
            const QByteArray without = with(archive, members, member.path, {}, true);
            const QByteArray answer = first(without, keys);
            QVERIFY2(answer.startsWith("1\n") && answer.contains(member.path + ": missing"), answer);
            QCOMPARE(second.askedAbout(without), answer);
        }
        qInfo("%lld changes", static_cast<long long>(changes));
    }

    /// What the exporter's own key does not help to hide: it is signed anew after the change.
    void whatTheExporterCannotHide_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QByteArray>("finding");
        QTest::newRow("an outcome") << QByteArray{"data/rows/attempts.csv"} << QByteArray{"rate_limited"}
                                    << QByteArray{"accepted"}
                                    << QByteArray{"data/rows/attempts.csv: row 12: not what leaf 10 says"};
        QTest::newRow("a vote's post") << QByteArray{"data/rows/votes.csv"} << QByteArray{"0,tok-0,0,"}
                                       << QByteArray{"0,tok-0,9,"}
                                       << QByteArray{"data/rows/votes.csv: row 2: leaf 0 says otherwise"};
        QTest::newRow("a vote's value") << QByteArray{"data/rows/votes.csv"} << QByteArray{",author-0,1,"}
                                        << QByteArray{",author-0,1000,"}
                                        << QByteArray{"data/rows/votes.csv: row 2: leaf 0 says otherwise"};
        QTest::newRow("a vote told twice") << QByteArray{"data/rows/votes.csv"} << QByteArray{"1,tok-4,1,author-1,"}
                                           << QByteArray{"0,tok-0,0,author-0,"}
                                           << QByteArray{"data/rows/votes.csv: leaf 0: its vote is there twice"};
        QTest::newRow("a vote of nobody, without an attempt")
            << QByteArray{"data/rows/votes.csv"} << QByteArray{"1,tok-4,"} << QByteArray{"999,nobody,"}
            << QByteArray{"data/rows/votes.csv: row 3: its token is not in tokens.csv"};
        QTest::newRow("an empty name") << QByteArray{"data/rows/tokens.csv"} << QByteArray{"tok-1,"} << QByteArray{","}
                                       << QByteArray{"data/rows/tokens.csv: row 3: malformed"};
        QTest::newRow("a void") << QByteArray{"data/rows/voids.csv"} << QByteArray{"V-1,"} << QByteArray{"V-2,"}
                                << QByteArray{"data/rows/voids.csv: leaf 21: has no row"};
        QTest::newRow("that it was carried out")
            << QByteArray{"data/rows/voids.csv"} << QByteArray{"Z,2026-02-"} << QByteArray{"Z,,2026-02-"}
            << QByteArray{"data/rows/voids.csv: row 2: malformed"};
        QTest::newRow("how many votes") << QByteArray{"data/rows/voids.csv"} << QByteArray{",done,2,"} << QByteArray{",done,9,"}
                                        << QByteArray{"data/rows/voids.csv: row 2: its votes do not come to its digest"};
        QTest::newRow("two votes in one row")
            << QByteArray{"data/rows/voided_votes.csv"} << QByteArray{",counted,"} << QByteArray{",\"coun\tted\","}
            << QByteArray{"data/rows/voided_votes.csv: row 2: malformed"};
        QTest::newRow("a name that is a pseudonym")
            << QByteArray{"data/rows/tokens.csv"} << QByteArray{"tok-1,"} << QByteArray{"0123456789abcdef0123456789abcdef,"}
            << QByteArray{"data/rows/tokens.csv: row 3: malformed"};
        QTest::newRow("a voided vote") << QByteArray{"data/rows/voided_votes.csv"} << QByteArray{",counted,"}
                                       << QByteArray{",voided,"}
                                       << QByteArray{"data/rows/voids.csv: row 2: its votes do not come to its digest"};
        QTest::newRow("whose a pseudonym is")
            << QByteArray{"data/rows/tokens.csv"} << QByteArray{"tok-1,"} << QByteArray{"tok-9,"}
            << QByteArray{"data/rows/votes.csv: row 6: leaf 4 says otherwise"};
        QTest::newRow("an entry") << QByteArray{"data/log/tile/entries/000.p/23"} << QByteArray{"\"outcome\":\"accepted\""}
                                  << QByteArray{"\"outcome\":\"accepteD\""}
                                  << QByteArray{"data/log/tile/entries/000.p/23: leaf 0: not the entry that was sealed"};
        QTest::newRow("a decision") << QByteArray{"data/rows/decisions.csv"} << QByteArray{"sock puppets"}
                                    << QByteArray{"sock muppets"}
                                    << QByteArray{"data/rows/decisions.csv: row 3: not what leaf 21 says"};
        QTest::newRow("a period") << QByteArray{"data/pack.json"} << QByteArray{"\"from\":null"}
                                  << QByteArray{"\"from\":1770000001234567"}
                                  << QByteArray{"data/rows/attempts.csv: row 2: no entry says so"};
    }
    void whatTheExporterCannotHide()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QByteArray, finding);
        const auto [archive, keys] = made({});
        const auto members = membersOf(archive);
        const auto member =
            std::find_if(members.begin(), members.end(), [&path = path](const Member& one) { return one.path == path; });
        QVERIFY(member != members.end());
        QByteArray bytes = archive.mid(member->begin, member->size);
        const qsizetype place = bytes.indexOf(from);
        QVERIFY2(place >= 0, bytes);
        bytes.replace(place, from.size(), to);
        const QByteArray answer = both(with(archive, members, path, bytes), keys);
        QVERIFY2(answer.contains(finding), answer);
        QVERIFY2(answer.contains(path + ": altered"),
                 answer); // the manifest was not made anew here; the finding does not need it
    }

    /// Entries of the period that are left out, with their rows.
    void aBundleLeftOutIsMissed()
    {
        const auto [archive, keys] = made({{}, 2000, 30, 0, 0, false, false});
        QByteArray without = archive;
        for (const char* path : {"data/log/tile/entries/003", "data/log/tile/0/003"})
            without = with(without, membersOf(without), path, {}, true);
        const QByteArray answer = both(without, keys);
        QVERIFY2(answer.contains("data/log/tile/entries: bundles 3 to 3 are missing"), answer);
    }

    /// Rows of entries are made of names, and must not become longer than a table's may be, nor all of them larger than memory.
    void aNameThatIsTooLong()
    {
        test::PackRecipe recipe;
        recipe.nameBytes = 1000;
        const auto [archive, keys] = made(recipe);
        QVERIFY2(both(archive, keys).startsWith("0\n"), both(archive, keys));
        ++recipe.nameBytes;
        const auto [longer, otherKeys] = made(recipe);
        const QByteArray answer = both(longer, otherKeys);
        QVERIFY2(answer.contains("data/rows/tokens.csv: row 2: malformed"), answer);
        QVERIFY2(answer.contains("data/rows/attempts.csv: row 2: not what leaf 0 says"), answer);
    }

    /// A row that is longer than a table's may be is none, and nothing after it is looked at.
    void aRowThatIsTooLong()
    {
        const auto [archive, keys] = made({});
        const auto members = membersOf(archive);
        const QByteArray path{"data/rows/attempts.csv"};
        const auto member = std::find_if(members.begin(), members.end(), [&path](const Member& one) { return one.path == path; });
        QVERIFY(member != members.end());
        const QByteArray bytes = archive.mid(member->begin, member->size);
        const qsizetype second = bytes.indexOf('\n') + 1;
        const auto answerTo = [&](qsizetype length) {
            const QByteArray row = "0," + QByteArray(length - 2, 'x') + '\n';
            return both(with(archive, members, path, bytes.left(second) + row + bytes.mid(second)), keys);
        };
        const QByteArray whole = answerTo(1'048'576);
        QVERIFY2(whole.contains("data/rows/attempts.csv: row 2: not what leaf 0 says") && whole.contains("attempts 19\n"), whole);
        const QByteArray broken = answerTo(1'048'577);
        QVERIFY2(broken.contains("attempts 0\n") && broken.contains("data/rows/attempts.csv: row 2: malformed"), broken);
        QVERIFY2(broken.contains("findings 2\n"), broken); // and that the file was altered
    }

    /// Every row that differs is named, also after one that should not be there, or is not.
    void everyRowThatDiffersIsNamed()
    {
        const auto [archive, keys] = made({{}, 300, 40, 0, 0, false, false});
        const auto members = membersOf(archive);
        const QByteArray path{"data/rows/attempts.csv"};
        const auto member = std::find_if(members.begin(), members.end(), [&path](const Member& one) { return one.path == path; });
        QVERIFY(member != members.end());
        QList<QByteArray> rows = archive.mid(member->begin, member->size).split('\n');
        rows[270].replace("cast", "case"); // row 271, from the end: so places stay
        rows.insert(200, rows.at(50));
        rows.insert(150, "no number,");
        rows.removeAt(100);
        rows.removeAt(99);
        const QByteArray answer = both(with(archive, members, path, rows.join('\n')), keys);
        for (const char* finding :
             {"leaf 98: has no row", "leaf 99: has no row", "row 149: no entry says so", "row 200: no entry says so",
              "row 271: not what leaf 269 says", "attempts 297\n", "findings 6\n"})
            QVERIFY2(answer.contains(finding), answer);
    }

    /// The log has both its proposal and that it was carried out.
    void aVoidToldAsOnlyProposed()
    {
        test::PackRecipe recipe;
        recipe.isProposed = true;
        const auto [archive, keys] = made(recipe);
        QVERIFY2(both(archive, keys).startsWith("0\n"), both(archive, keys));
        const auto members = membersOf(archive);
        const QByteArray path{"data/rows/voids.csv"};
        const auto member = std::find_if(members.begin(), members.end(), [&path](const Member& one) { return one.path == path; });
        QVERIFY(member != members.end());
        QByteArray bytes = archive.mid(member->begin, member->size);
        const qsizetype reason = bytes.indexOf(",sock puppets");
        const qsizetype committed = bytes.lastIndexOf(',', reason - 1);
        QVERIFY(reason > 0 && bytes.mid(committed, 5) == ",2026");
        bytes.remove(committed + 1, reason - committed - 1);
        const QByteArray answer = both(with(archive, members, path, bytes), keys);
        QVERIFY2(answer.contains("data/rows/voids.csv: row 2: no sealed decision says so"), answer);
    }

    /// In pieces of any length, and many short ones; the processor's instructions are used where it has them.
    void hashes()
    {
        std::mt19937 random{20261130}; // NOLINT: the same every time
        const auto hashOf = [](std::string_view text) {
            return QCryptographicHash::hash(QByteArrayView{text.data(), static_cast<qsizetype>(text.size())},
                                            QCryptographicHash::Sha256)
                .toStdString();
        };
        std::vector<std::string> texts;
        for (std::size_t length = 0; length < 400; ++length) {
            std::string text(length, '\0');
            std::generate(text.begin(), text.end(), [&random] { return static_cast<char>(random()); });
            verify::Sha256 hash;
            for (std::string_view rest = text; !rest.empty();) {
                const std::string_view piece = rest.substr(0, random() % 150);
                hash.add(piece);
                rest.remove_prefix(piece.size());
            }
            QCOMPARE(hash.end(), hashOf(text));
            texts.push_back(std::move(text));
        }
        const std::string all = verify::Sha256::ofEach('\1', {texts.begin(), texts.end()});
        for (std::size_t i = 0; i < texts.size(); ++i)
            QCOMPARE(all.substr(32 * i, 32), hashOf('\1' + texts[i]));
    }

    /// A decision that the log has twice, before the period and in it: the one in it needs its row.
    void aDecisionBeforeThePeriodStandsForNone()
    {
        test::PackRecipe recipe{{}, 600, 30, 0, 200, false, false}; // the pack has the entries from 0 on, as bundles go
        recipe.isVoidedBefore = true;
        const auto [archive, keys] = made(recipe);
        QVERIFY2(both(archive, keys).startsWith("0\n"), both(archive, keys));
        QByteArray without = archive;
        for (const char* path : {"data/rows/voids.csv", "data/rows/voided_votes.csv"}) {
            const auto members = membersOf(without);
            const auto member =
                std::find_if(members.begin(), members.end(), [path](const Member& one) { return one.path == path; });
            QVERIFY(member != members.end());
            const QByteArray bytes = without.mid(member->begin, member->size);
            without = with(without, members, path, bytes.left(bytes.indexOf('\n') + 1));
        }
        const QByteArray answer = both(without, keys);
        QVERIFY2(answer.contains("data/rows/voids.csv: leaf 601: has no row"), answer);
    }

private:
    struct Made {
        QByteArray archive;
        test::PackKeys keys;
    };
    Made made(test::PackRecipe recipe)
    {
        recipe.path = m_folder.filePath(QStringLiteral("pack-%1.tar").arg(m_made++)).toStdString();
        const test::PackKeys keys = test::makePack(recipe);
        return {bytesOf(QString::fromStdString(recipe.path)), keys};
    }

    /// By the first verifier: exit code and what it prints.
    QByteArray first(const QByteArray& archive, const test::PackKeys& keys)
    {
        const QString path = m_folder.filePath(QStringLiteral("looked-at.tar"));
        writeFile(path, archive);
        const auto [isGood, text] = verify::verifyPack(path.toStdString(), {keys.exporter, keys.log});
        return (isGood ? "0\n" : "1\n") + QByteArray::fromStdString(text);
    }
    /// By both, which must agree: else it is empty.
    QByteArray both(const QByteArray& archive, const test::PackKeys& keys)
    {
        const QByteArray answer = first(archive, keys);
        const QByteArray other = SecondVerifier{optionsOf(keys)}.askedAbout(archive);
        return agreed(answer, other);
    }
    static QByteArray agreed(const QByteArray& one, const QByteArray& two)
    {
        if (one == two)
            return one;
        qWarning("they differ:\n%s\nand\n%s", one.constData(), two.constData());
        return {};
    }
    /// By both as programs.
    static QByteArray programs(const QString& path, const test::PackKeys& keys)
    {
        const auto run = [&](const QString& program, QStringList arguments) {
            QProcess process;
            process.start(program, arguments + optionsOf(keys) + QStringList{path});
            process.waitForFinished();
            return QByteArray::number(process.exitCode()) + '\n' + process.readAllStandardOutput();
        };
        const QByteArray one = run(QStringLiteral(SCRUTINEER_BIN_DIR "/scrutineer-verify"), {});
        const QByteArray two =
            run(QStringLiteral("/usr/bin/python3"), {QStringLiteral(SCRUTINEER_SOURCE_DIR "/tests/app/verify/verify_pack.py")});
        return agreed(one, two);
    }
    static QStringList optionsOf(const test::PackKeys& keys)
    {
        return {QStringLiteral("--exporter"), QString::fromStdString(keys.exporter), QStringLiteral("--key"),
                QString::fromStdString(keys.log)};
    }

    static bool isLookedAt(const QByteArray& path)
    {
        return path.startsWith("data/log") || path.startsWith("data/rows") || !path.startsWith("data/") ||
               path == "data/pack.json";
    }
    /// Which part of the changes both are asked about: one of so many.
    static qsizetype byBoth(bool isLookedAt, qsizetype usually)
    {
        if (!qEnvironmentVariableIsSet("SCRUTINEER_EVERY_BIT"))
            return usually;
        return isLookedAt || qgetenv("SCRUTINEER_EVERY_BIT") == "both" ? 1 : 50;
    }

    static QList<QByteArray> changesAt(const QByteArray& bytes, qsizetype at, std::mt19937& random)
    {
        QList<QByteArray> changes;
        QByteArray changed = bytes.left(at); // truncated
        changes.push_back(changed);
        changed += bytes.mid(at + 1 + static_cast<qsizetype>(random() % 9)); // some bytes gone
        changes.push_back(changed);
        changes.push_back(bytes.left(at) + static_cast<char>(random()) + bytes.mid(at)); // one more
        changes.push_back(bytes.left(at) + bytes.mid(at, 40) + bytes.mid(at));           // some twice
        changed = bytes;
        if (at + 1 < bytes.size())
            std::swap(changed[at], changed[at + 1]);
        changes.push_back(changed);
        QList<QByteArray> lines = bytes.split('\n');
        const qsizetype line = bytes.left(at).count('\n');
        if (line + 1 < lines.size()) {
            std::swap(lines[line], lines[line + 1]);
            changes.push_back(lines.join('\n'));
            lines.removeAt(line);
            changes.push_back(lines.join('\n'));
        }
        return changes;
    }

    /// The archive with other bytes in one file, or without it, and as an archive as it should be.
    static QByteArray with(const QByteArray& archive, const QList<Member>& members, const QByteArray& path,
                           const QByteArray& bytes, bool isGone = false)
    {
        QByteArray made;
        for (const Member& member : members) {
            if (member.path == path && isGone)
                continue;
            const QByteArray body = member.path == path ? bytes : archive.mid(member.begin, member.size);
            QByteArray header = archive.mid(member.begin - 512, 512);
            header.replace(124, 11, QByteArray::number(body.size(), 8).rightJustified(11, '0'));
            header.replace(148, 8, "        ");
            unsigned sum = 0;
            for (const char byte : std::as_const(header))
                sum += static_cast<unsigned char>(byte);
            header.replace(148, 6, QByteArray::number(sum, 8).rightJustified(6, '0'));
            header[154] = '\0';
            made += header + body + QByteArray((512 - body.size() % 512) % 512, '\0');
        }
        return made + QByteArray(1024, '\0');
    }

    static QByteArray nameOf(const Member& member, qsizetype at, const QByteArray& answer)
    {
        return member.path + " at " + QByteArray::number(at) + ":\n" + answer;
    }

    QTemporaryDir m_folder;
    int m_made = 0;
};

QTEST_GUILESS_MAIN(TestVerify)
#include "tst_verify.moc"
