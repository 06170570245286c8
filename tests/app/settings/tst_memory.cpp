#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "settings/memory.h"

using namespace scr;

class TestMemory : public QObject {
    Q_OBJECT

private slots:
    // QSettings looks for its folder once a process.
    void initTestCase() { qputenv("XDG_CONFIG_HOME", m_folder.path().toUtf8()); }
    void init() { QDir{m_folder.filePath(QStringLiteral("scrutineer"))}.removeRecursively(); }

    void firstStartRemembersNothing() { QVERIFY(settings::readMemory() == settings::Memory{}); }

    void whatIsWrittenIsRead()
    {
        const settings::Memory memory{"dark", "lanternboard", true, QByteArray{"\x01\x00\xff", 3}};
        settings::writeMemory(memory);
        QVERIFY(QFile::exists(file()));
        QVERIFY(settings::readMemory() == memory);
    }

    void foreignFileIsAFirstStart()
    {
        QVERIFY(QDir{}.mkpath(m_folder.filePath(QStringLiteral("scrutineer"))));
        QFile written{file()};
        QVERIFY(written.open(QIODevice::WriteOnly));
        written.write(QByteArrayLiteral("\xff\x00[[[ not = a file\n"));
        written.close();
        const settings::Memory memory = settings::readMemory();
        QCOMPARE(memory.service, std::string{});
        QVERIFY(memory.geometry.isEmpty());
    }

private:
    [[nodiscard]] QString file() const { return m_folder.filePath(QStringLiteral("scrutineer/console.ini")); }

    QTemporaryDir m_folder;
};

QTEST_MAIN(TestMemory)
#include "tst_memory.moc"
