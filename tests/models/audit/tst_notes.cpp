#include <QFile>
#include <QTest>

#include <nlohmann/json.hpp>

#include "audit/checkpoint.h"
#include "audit/hash.h"
#include "audit/note.h"
#include "audit/proof_text.h"
#include "audit/witness.h"

using namespace scr::audit;
using scr::domain::Fault;

namespace {

nlohmann::json vectors()
{
    QFile file{QStringLiteral(SCRUTINEER_SOURCE_DIR "/../shared/vectors/note_vectors.json")};
    return file.open(QIODevice::ReadOnly) ? nlohmann::json::parse(file.readAll().toStdString()) : nlohmann::json{};
}

std::vector<VerifierKey> keysOf(const nlohmann::json& list)
{
    std::vector<VerifierKey> keys;
    for (const auto& text : list)
        keys.push_back(parseVerifierKey(text.get<std::string>()).value());
    return keys;
}

std::string resultOf(const std::string& bytes, const std::vector<VerifierKey>& keys)
{
    const auto note = parseNote(bytes);
    if (!note)
        return "malformed";
    const auto signers = signersOf(*note, keys);
    if (!signers)
        return "invalid";
    return signers->empty() ? "unverified" : "ok";
}

const Checkpoint kCheckpoint{"example.org/log", 3, leafHash("x"), {}};

} // namespace

class TestNotes : public QObject {
    Q_OBJECT
private slots:
    void publicVectors()
    {
        const auto all = vectors();
        if (all.is_null())
            QSKIP("the public vectors are not beside the checkout");
        for (const auto& one : all["notes"]) {
            const auto bytes = bytesOfBase64(one["note_b64"].get<std::string>()).value();
            QVERIFY2(resultOf(bytes, keysOf(one["vkeys"])) == one["result"].get<std::string>(),
                     one["name"].get<std::string>().c_str());
        }
        const auto& sign = all["sign"];
        const auto key = SigningKey::parse(sign["skey"].get<std::string>());
        QVERIFY(key.has_value());
        QCOMPARE(key->text(), sign["skey"].get<std::string>());
        QCOMPARE(*signNote(sign["text"].get<std::string>(), *key), bytesOfBase64(sign["want_b64"].get<std::string>()).value());
        for (const auto& bad : all["bad_vkeys"])
            QVERIFY(!parseVerifierKey(bad.get<std::string>()).has_value());
    }

    void everyMangledKeyIsRefused()
    {
        const std::string text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
        QCOMPARE(textOf(parseVerifierKey(text).value()), text);
        for (std::size_t from = 0; from < text.size(); ++from) {
            for (std::size_t length = 0; length + (from == 0 ? 1 : 0) <= text.size() - from; ++length)
                QVERIFY(!parseVerifierKey(std::string_view{text}.substr(from, length)).has_value() || length == text.size());
        }
        for (std::size_t at = 0; at < text.size(); ++at) {
            std::string changed = text;
            ++changed[at];
            QVERIFY2(!parseVerifierKey(changed).has_value(), changed.c_str());
        }
    }

    void everyFlippedBitOfANoteIsFound()
    {
        const auto key = SigningKey::make("example.org/log", SignatureType::Log).value();
        const auto note = signNote(textOf(kCheckpoint), key).value();
        QCOMPARE(openCheckpoint(note, key.verifier())->checkpoint, kCheckpoint);
        for (std::size_t bit = 0; bit < note.size() * 8; ++bit) {
            std::string changed = note;
            changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
            QVERIFY2(!openCheckpoint(changed, key.verifier()).has_value(), changed.c_str());
        }
    }

    void checkpointText_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("good");
        const QString root = QString::fromStdString(base64Of(bytesOf(leafHash("x"))));
        QTest::newRow("as it should be") << QStringLiteral("o\n0\n%1\n").arg(root) << true;
        QTest::newRow("an extension") << QStringLiteral("o\n12\n%1\nmore\n").arg(root) << true;
        QTest::newRow("leading zero") << QStringLiteral("o\n012\n%1\n").arg(root) << false;
        QTest::newRow("sign") << QStringLiteral("o\n+12\n%1\n").arg(root) << false;
        QTest::newRow("too large") << QStringLiteral("o\n9223372036854775808\n%1\n").arg(root) << false;
        QTest::newRow("no origin") << QStringLiteral("\n12\n%1\n").arg(root) << false;
        QTest::newRow("no line feed") << QStringLiteral("o\n12\n%1").arg(root) << false;
        QTest::newRow("short root") << QStringLiteral("o\n12\nAAAA\n") << false;
        QTest::newRow("two lines") << QStringLiteral("o\n12\n") << false;
    }
    void checkpointText()
    {
        QFETCH(QString, text);
        QFETCH(bool, good);
        const auto checkpoint = parseCheckpoint(text.toStdString());
        QCOMPARE(checkpoint.has_value(), good);
        if (good)
            QCOMPARE(textOf(*checkpoint), text.toStdString());
    }

    void anotherLogIsRefused()
    {
        const auto key = SigningKey::make("example.org/log", SignatureType::Log).value();
        const auto opens = [&](const std::string& origin) {
            Checkpoint checkpoint = kCheckpoint;
            checkpoint.origin = origin;
            return openCheckpoint(signNote(textOf(checkpoint), key).value(), key.verifier()).has_value();
        };
        QVERIFY(opens(originOf("example.org/log", 1)));
        QVERIFY(opens(originOf("example.org/log", 2)));
        QVERIFY(!opens("example.org/log/epoch-1")); // the first has no number: one log, one name
        QVERIFY(!opens("example.org/log/epoch-02"));
        QVERIFY(!opens("example.org/lo"));
        const auto other = SigningKey::make("example.org/log", SignatureType::Log).value();
        QCOMPARE(openCheckpoint(signNote(textOf(kCheckpoint), other).value(), key.verifier()).error().fault, Fault::Rejected);
    }

    void witnesses()
    {
        const auto log = SigningKey::make("example.org/log", SignatureType::Log).value();
        const auto witness = SigningKey::make("witness.example/w1", SignatureType::Cosignature).value();
        const std::string text = textOf(kCheckpoint);
        const std::string note = signNote(text, log).value() + signatureLine(text, witness, 1'679'315'147).value();
        const auto opened = openCheckpoint(note, log.verifier(), {witness.verifier()});
        QVERIFY(opened.has_value());
        QCOMPARE(opened->signers.size(), std::size_t{2});
        QCOMPARE(opened->signers[1].time, std::optional<std::int64_t>{1'679'315'147});
        QVERIFY(openCheckpoint(note, log.verifier()).has_value()); // a witness nobody asked about is left out
        const std::string forged = signNote(text, log).value() + signatureLine(text + "more\n", witness, 1'679'315'147).value();
        QCOMPARE(openCheckpoint(forged, log.verifier(), {witness.verifier()}).error().fault, Fault::Rejected);
        QVERIFY(!signatureLine(text, witness).has_value());
        QVERIFY(!signatureLine(text, log, 5).has_value());
        QVERIFY(!openCheckpoint(note, witness.verifier()).has_value()); // a witness's word is not the log's
    }

    void whoIsAWitness()
    {
        using Standing = Witness::Standing;
        const auto log = SigningKey::make("example.org/log", SignatureType::Log).value();
        const auto olga = SigningKey::make("witness.example/olga", SignatureType::Cosignature).value();
        const auto ivan = SigningKey::make("witness.example/ivan", SignatureType::Cosignature).value();
        const auto otherOlga = SigningKey::make("witness.example/olga", SignatureType::Cosignature).value();
        const std::string text = textOf(kCheckpoint);
        const std::string bare = signNote(text, log).value();
        const std::string line = signatureLine(text, olga, 1'679'315'147).value();
        const auto of = [&](const std::string& note, const std::vector<KeptSignature>& beside) {
            return witnessesOf(note, beside, log.verifier(), {olga.verifier()});
        };
        const std::vector<Witness> good{{"witness.example/olga", Standing::Good, 1'679'315'147}};
        QVERIFY(of(bare, {}).empty());
        QVERIFY(of("no note", {{"witness.example/olga", line}}).empty());
        QCOMPARE(of(bare + line, {}), good);
        QCOMPARE(of(bare, {{"witness.example/olga", line}}), good);
        QCOMPARE(of(bare + line, {{"witness.example/olga", line}, {"whoever", ""}}), good); // once, and what is in the note
        QCOMPARE(of(bare, {{"witness.example/olga", line.substr(0, line.size() - 1)}}), good);
        // Of another checkpoint, or not a line at all, or two of them.
        const std::string elsewhere = signatureLine(text + "more\n", olga, 1'679'315'147).value();
        for (const std::string& bad : {elsewhere, std::string{"nonsense"}, line + line, line + "\n" + line})
            QCOMPARE(of(bare, {{"witness.example/olga", bad}}),
                     (std::vector<Witness>{{"witness.example/olga", Standing::Bad, {}}}));
        // Of a key that nobody named, which may have a name that somebody did.
        for (const SigningKey* key : {&ivan, &otherOlga})
            QCOMPARE(of(bare, {{key->verifier().name, signatureLine(text, *key, 5).value()}}),
                     (std::vector<Witness>{{key->verifier().name, Standing::Unknown, {}}}));
        QCOMPARE(of(bare, {{"x", "nonsense"}}), (std::vector<Witness>{{"x", Standing::Unknown, {}}}));
        // Anybody may store a line under her name: it takes nothing from hers, and hers is not somebody else's.
        QCOMPARE(
            of(bare, {{"witness.example/olga", "nonsense"}, {"witness.example/olga", line}, {"witness.example/olga", elsewhere}}),
            good);
        QCOMPARE(of(bare, {{"witness.example/olga", signatureLine(text, ivan, 5).value()}}),
                 (std::vector<Witness>{{"witness.example/olga", Standing::Bad, {}}}));
        // Not in a year that no calendar here has.
        const std::string late = signatureLine(text, olga, 253'402'300'800).value();
        QCOMPARE(of(bare + late, {}), (std::vector<Witness>{{"witness.example/olga", Standing::Bad, {}}}));
    }

    /// The example of C2SP tlog-cosignature is not signed with a key that is public, so its message is held against the text.
    void asOneLine()
    {
        const auto log = SigningKey::make("example.org/log", SignatureType::Log).value();
        const std::string note = signNote(textOf(kCheckpoint), log).value();
        QVERIFY(lineOf(note).find('\n') == std::string::npos);
        QCOMPARE(noteOfLine(lineOf(note) + "\r\n").value(), note);
        QVERIFY(!noteOfLine("checkpoint:???").has_value());
        QVERIFY(!noteOfLine(note).has_value());
    }

    void proofFiles()
    {
        const auto log = SigningKey::make("example.org/log", SignatureType::Log).value();
        const EntryProof proof{"the entry", 2, {leafHash("a"), leafHash("b")}, signNote(textOf(kCheckpoint), log).value()};
        const std::string text = textOf(proof);
        const auto parsed = parseProof(text);
        QVERIFY(parsed.has_value());
        QCOMPARE(parsed->entry, proof.entry);
        QCOMPARE(parsed->index, proof.index);
        QCOMPARE(parsed->proof, proof.proof);
        QCOMPARE(parsed->note, proof.note);
        for (const char* bad : {"", "c2sp.org/tlog-proof@v2\n", "c2sp.org/tlog-proof@v1\nindex 02\n\n",
                                "c2sp.org/tlog-proof@v1\nindex 2\nAAAA\n\nx", "c2sp.org/tlog-proof@v1\nindex 2\n"})
            QVERIFY2(!parseProof(bad).has_value(), bad);
    }

    void namesOfKeys_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("good");
        QTest::newRow("plain") << "example.org/audit-log" << true;
        QTest::newRow("other letters") << QString::fromUtf8("例え") << true;
        QTest::newRow("empty") << "" << false;
        QTest::newRow("space") << "a b" << false;
        QTest::newRow("wide space") << QString{QChar{0x3000}} << false;
        QTest::newRow("plus") << "a+b" << false;
        QTest::newRow("line feed") << "a\nb" << false;
        QTest::newRow("bell") << "a\ab" << false;
    }
    void namesOfKeys()
    {
        QFETCH(QString, name);
        QFETCH(bool, good);
        QCOMPARE(SigningKey::make(name.toStdString(), SignatureType::Log).has_value(), good);
    }
};

QTEST_APPLESS_MAIN(TestNotes)
#include "tst_notes.moc"
