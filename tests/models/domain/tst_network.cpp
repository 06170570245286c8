#include <QTest>

#include "domain/network.h"

using namespace scr;

class TestNetwork : public QObject {
    Q_OBJECT
private slots:
    void inside_data();
    void inside();
};

/// What PostgreSQL's <<= says of them.
void TestNetwork::inside_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<QString>("network");
    QTest::addColumn<bool>("isInside");
    const auto row = [](const char* address, const char* network, bool isInside) {
        QTest::addRow("%s in %s", address, network) << QString::fromLatin1(address) << QString::fromLatin1(network) << isInside;
    };
    row("10.1.2.3", "10.1.2.3", true);
    row("10.1.2.3", "10.1.2.4", false);
    row("10.1.2.3", "10.1.0.0/16", true);
    row("10.2.2.3", "10.1.0.0/16", false);
    row("10.1.127.255", "10.1.0.0/17", true);
    row("10.1.128.0", "10.1.0.0/17", false);
    row("10.1.2.3", "0.0.0.0/0", true);
    row("10.1.0.0/16", "10.1.0.0/16", true);
    row("10.1.0.0/16", "10.1.2.0/24", false);
    row("10.1.2.0/24", "10.1.0.0/16", true);
    row("2001:db8::1", "2001:db8::/32", true);
    row("2001:db9::1", "2001:db8::/32", false);
    row("2001:db8::1", "::/0", true);
    row("10.1.2.3", "::/0", false);
    row("::1", "0.0.0.0/0", false);
    row("", "10.0.0.0/8", false);
    row("n-0123456789", "0.0.0.0/0", false);
    row("10.1.2.3", "10.0.0.0/33", false);
}

void TestNetwork::inside()
{
    QFETCH(QString, address);
    QFETCH(QString, network);
    QFETCH(bool, isInside);
    QCOMPARE(domain::isInside(address.toStdString(), network.toStdString()), isInside);
}

QTEST_GUILESS_MAIN(TestNetwork)
#include "tst_network.moc"
