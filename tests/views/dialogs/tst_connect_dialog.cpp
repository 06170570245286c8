#include <QComboBox>
#include <QPromise>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include "dialogs/connect_dialog.h"

using namespace scr;

namespace {

domain::Source sourceNamed(const std::string& service, domain::Environment environment)
{
    domain::Source source;
    source.service = service;
    source.environment = environment;
    return source;
}

} // namespace

/// The gate: what comes in is what was tested, and nothing else.
class TestConnectDialog : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_probes.clear();
        m_dialog = std::make_unique<dialogs::ConnectDialog>(
            [this](const domain::ConnectionTarget& target) {
                m_probes.emplace_back(target.service, QPromise<domain::Result<domain::Source>>{});
                m_probes.back().second.start();
                return m_probes.back().second.future();
            },
            std::vector<std::string>{"staging", "live"});
        domain::ConnectionTarget target;
        target.service = "staging";
        m_dialog->setTarget(target);
    }

    void testedSourceComesInWithItsConnection()
    {
        const QSignalSpy accepted{m_dialog.get(), &QDialog::accepted};
        m_dialog->startConnect();
        answer(0, sourceNamed("staging", domain::Environment::Staging));
        QTRY_COMPARE(accepted.count(), 1);
        QCOMPARE(m_dialog->attached()->target.service, std::string{"staging"});
        QCOMPARE(m_dialog->attached()->source.service, std::string{"staging"});
    }

    void answerAboutWhatWasChosenBeforeIsNotTaken()
    {
        const QSignalSpy accepted{m_dialog.get(), &QDialog::accepted};
        m_dialog->startConnect();
        service().setCurrentText(QStringLiteral("live"));
        answer(0, sourceNamed("staging", domain::Environment::Staging));
        QCoreApplication::processEvents();
        QCOMPARE(accepted.count(), 0);
        QVERIFY(!m_dialog->attached());

        QVERIFY(connectButton().isEnabled());
        QTest::mouseClick(&connectButton(), Qt::LeftButton);
        QCOMPARE(m_probes.size(), std::size_t{2});
        QCOMPARE(m_probes[1].first, std::string{"live"});
        answer(1, sourceNamed("live", domain::Environment::Production));
        QTRY_COMPARE(accepted.count(), 1);
        QCOMPARE(m_dialog->attached()->target.service, std::string{"live"});
        QCOMPARE(m_dialog->attached()->source.environment, domain::Environment::Production);
    }

    void productionThatIsNotReadOnlyIsTurnedAway()
    {
        const QSignalSpy accepted{m_dialog.get(), &QDialog::accepted};
        m_dialog->startConnect();
        domain::Source source = sourceNamed("staging", domain::Environment::Production);
        source.writeAccess = {{"reader may INSERT on table votes", "REVOKE INSERT ON TABLE votes FROM reader;"}};
        answer(0, source);
        QTRY_VERIFY(testButton().isEnabled()); // the answer was taken
        QCOMPARE(accepted.count(), 0);
        QVERIFY(!m_dialog->attached());
        QVERIFY(!connectButton().isEnabled());
    }

private:
    void answer(std::size_t probe, const domain::Source& source)
    {
        m_probes[probe].second.addResult(domain::Result<domain::Source>{source});
        m_probes[probe].second.finish();
    }
    QComboBox& service() { return *m_dialog->findChild<QComboBox*>(QStringLiteral("service")); }
    QPushButton& testButton() { return *m_dialog->findChild<QPushButton*>(QStringLiteral("testConnection")); }
    QPushButton& connectButton() { return *m_dialog->findChild<QPushButton*>(QStringLiteral("connect")); }

    std::unique_ptr<dialogs::ConnectDialog> m_dialog;
    std::vector<std::pair<std::string, QPromise<domain::Result<domain::Source>>>> m_probes;
};

QTEST_MAIN(TestConnectDialog)
#include "tst_connect_dialog.moc"
