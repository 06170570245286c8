#include "dialogs/connect_dialog.h"

#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "domain/visible_text.h"
#include "theme/icons.h"
#include "theme/metrics.h"
#include "widgets/banner.h"
#include "widgets/buttons.h"
#include "widgets/code_box.h"
#include "widgets/environment_badge.h"
#include "widgets/segmented_button.h"
#include "widgets/text_label.h"

namespace scr::dialogs {

namespace {

constexpr int kWidth = 560;

QString shown(const std::string& text)
{
    return QString::fromStdString(domain::visibleText(text));
}

QString sentence(QString text)
{
    if (!text.isEmpty())
        text[0] = text[0].toUpper();
    return text;
}

QFormLayout* formIn(QWidget& page)
{
    auto* form = new QFormLayout{&page};
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(12);
    form->setVerticalSpacing(10);
    form->setLabelAlignment(Qt::AlignRight | Qt::AlignVCenter);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    return form;
}

} // namespace

ConnectDialog::ConnectDialog(Probe probe, const std::vector<std::string>& services, QWidget* parent) :
    QDialog{parent}, m_probe{std::move(probe)}, m_answer{this, &ConnectDialog::take}
{
    setWindowTitle(tr("Connect to a source"));
    setFixedWidth(kWidth);
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* form = new QWidget;
    auto* formLayout = new QVBoxLayout{form};
    formLayout->setContentsMargins(24, 20, 24, 16);
    formLayout->setSpacing(16);
    m_kind = new widgets::SegmentedButton{{tr("libpq service"), tr("Host and database")}};
    m_kind->setStretched(true);
    m_pages = new QStackedWidget;
    m_pages->addWidget(makeServicePage(services));
    m_pages->addWidget(makeFieldsPage());
    formLayout->addWidget(m_kind);
    formLayout->addWidget(m_pages);
    layout->addWidget(form);
    layout->addWidget(new widgets::Rule);
    layout->addWidget(makeResult(), 1);
    layout->addWidget(makeButtons());
    connect(m_kind, &widgets::SegmentedButton::currentChanged, this, &ConnectDialog::showKind);
    m_kind->setCurrent(services.empty() ? 1 : 0);
    showKind(m_kind->current());
    forgetTest();
}

void ConnectDialog::showKind(int kind)
{
    // A page that is not shown takes no room.
    for (int i = 0; i < m_pages->count(); ++i)
        m_pages->widget(i)->setSizePolicy(QSizePolicy::Preferred, i == kind ? QSizePolicy::Preferred : QSizePolicy::Ignored);
    m_pages->setCurrentIndex(kind);
    forgetTest();
    adjustSize();
}

QWidget* ConnectDialog::makeServicePage(const std::vector<std::string>& services)
{
    auto* page = new QWidget;
    QFormLayout* form = formIn(*page);
    m_service = new QComboBox;
    m_service->setObjectName(QStringLiteral("service"));
    m_service->setEditable(true);
    for (const std::string& service : services) {
        // The services that write belong to their readers and are found by name.
        if (!service.ends_with("-elevated") && !service.ends_with("-owner"))
            m_service->addItem(QString::fromStdString(service));
    }
    form->addRow(tr("Service"), m_service);
    auto* note = new widgets::TextLabel{
        tr("From the libpq service file (PGSERVICEFILE or ~/.pg_service.conf). Decisions are written through "
           "the service of that name with “-elevated” at its end, where there is one."),
        theme::Type::Caption, theme::Role::Text2};
    note->setWordWrap(true);
    form->addRow(QString{}, note);
    connect(m_service, &QComboBox::currentTextChanged, this, &ConnectDialog::forgetTest);
    return page;
}

QWidget* ConnectDialog::makeFieldsPage()
{
    auto* page = new QWidget;
    QFormLayout* form = formIn(*page);
    m_host = new QLineEdit;
    m_host->setPlaceholderText(tr("db-1.internal, or a socket directory"));
    m_port = new QLineEdit;
    m_port->setPlaceholderText(QStringLiteral("5432"));
    m_port->setFixedWidth(80);
    m_database = new QLineEdit;
    m_user = new QLineEdit;
    m_password = new QLineEdit;
    m_password->setEchoMode(QLineEdit::Password);
    m_password->setPlaceholderText(tr("empty: the password file, or none"));
    m_decisionsUser = new QLineEdit;
    m_decisionsUser->setObjectName(QStringLiteral("decisionsLogin"));
    m_decisionsUser->setPlaceholderText(tr("empty: look only"));
    m_decisionsPassword = new QLineEdit;
    m_decisionsPassword->setEchoMode(QLineEdit::Password);
    m_decisionsPassword->setPlaceholderText(tr("its password"));
    m_decisionsPassword->setAccessibleName(tr("Password for decisions"));
    m_sslMode = new QComboBox;
    m_sslMode->addItem(tr("verify-full, certificate and host name"), QStringLiteral("verify-full"));
    m_sslMode->addItem(tr("require, encrypted but not verified"), QStringLiteral("require"));
    m_sslMode->addItem(tr("prefer, encrypted where offered"), QStringLiteral("prefer"));
    auto* database = new QHBoxLayout;
    database->addWidget(m_database, 1);
    database->addWidget(new widgets::TextLabel{tr("Port"), theme::Type::Body, theme::Role::Text2});
    database->addWidget(m_port);
    form->addRow(tr("Host"), m_host);
    form->addRow(tr("Database"), database);
    form->addRow(tr("Login"), m_user);
    form->addRow(tr("Password"), m_password);
    auto* decisions = new QHBoxLayout;
    decisions->addWidget(m_decisionsUser, 1);
    decisions->addWidget(m_decisionsPassword, 1);
    form->addRow(tr("Decides as"), decisions);
    form->addRow(tr("TLS"), m_sslMode);
    for (QLineEdit* field : {m_host, m_port, m_database, m_user, m_password, m_decisionsUser, m_decisionsPassword})
        connect(field, &QLineEdit::textChanged, this, &ConnectDialog::forgetTest);
    connect(m_sslMode, &QComboBox::currentIndexChanged, this, &ConnectDialog::forgetTest);
    return page;
}

QWidget* ConnectDialog::makeResult()
{
    m_result = new QWidget;
    m_result->setAutoFillBackground(true);
    m_result->setBackgroundRole(QPalette::Base);
    m_result->setMinimumHeight(190);
    auto* layout = new QVBoxLayout{m_result};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_banner = new widgets::Banner;
    layout->addWidget(m_banner);
    auto* body = new QVBoxLayout;
    body->setContentsMargins(24, 12, 24, 12);
    body->setSpacing(8);
    m_resultTitle = new widgets::TextLabel{{}, theme::Type::DenseStrong, theme::Role::Text2};
    m_lines = new QVBoxLayout;
    m_lines->setSpacing(6);
    m_revokes = new widgets::CodeBox{nullptr, 8};
    m_revokes->hide();
    m_badge = new widgets::EnvironmentBadge;
    auto* title = new QHBoxLayout;
    title->setSpacing(theme::kGap);
    title->addWidget(m_badge);
    title->addWidget(m_resultTitle, 1);
    body->addLayout(title);
    body->addLayout(m_lines);
    body->addWidget(m_revokes);
    body->addStretch(1);
    layout->addLayout(body, 1);
    return m_result;
}

QWidget* ConnectDialog::makeButtons()
{
    auto* bar = new widgets::Band{theme::Role::Window, widgets::Band::Edge::Top};
    bar->setFixedHeight(theme::kFooter);
    auto* layout = new QHBoxLayout{bar};
    layout->setContentsMargins(24, 0, 24, 0);
    layout->setSpacing(theme::kGap);
    m_test = widgets::makeButton(tr("Test"), this);
    m_test->setObjectName(QStringLiteral("testConnection"));
    QPushButton* cancel = widgets::makeButton(tr("Cancel"), this);
    m_connect = widgets::makeButton(tr("Connect"), this, theme::ButtonKind::Accent);
    m_connect->setObjectName(QStringLiteral("connect"));
    m_connect->setDefault(true);
    layout->addWidget(m_test);
    layout->addStretch(1);
    layout->addWidget(cancel);
    layout->addWidget(m_connect);
    connect(m_test, &QPushButton::clicked, this, [this] { start(false); });
    connect(m_connect, &QPushButton::clicked, this, &ConnectDialog::startConnect);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    return bar;
}

void ConnectDialog::setTarget(const domain::ConnectionTarget& target)
{
    m_kind->setCurrent(target.service.empty() ? 1 : 0);
    m_service->setCurrentText(QString::fromStdString(target.service));
    m_host->setText(QString::fromStdString(target.host));
    m_port->setText(QString::fromStdString(target.port));
    m_database->setText(QString::fromStdString(target.database));
    m_user->setText(QString::fromStdString(target.user));
}

domain::ConnectionTarget ConnectDialog::target() const
{
    domain::ConnectionTarget target;
    if (m_kind->current() == 0) {
        target.service = m_service->currentText().trimmed().toStdString();
        return target;
    }
    target.host = m_host->text().trimmed().toStdString();
    target.port = m_port->text().trimmed().toStdString();
    target.database = m_database->text().trimmed().toStdString();
    target.user = m_user->text().trimmed().toStdString();
    target.password = m_password->text().toStdString();
    // A socket knows no TLS; asking for it there would only fail.
    if (!target.host.starts_with('/'))
        target.sslMode = m_sslMode->currentData().toString().toStdString();
    return target;
}

/// Reviews and voids go through a login of their own, as those of a service do.
std::optional<domain::ConnectionTarget> ConnectDialog::decisions() const
{
    const std::string user = m_decisionsUser->text().trimmed().toStdString();
    if (m_kind->current() == 0 || user.empty())
        return std::nullopt;
    domain::ConnectionTarget target = this->target();
    target.user = user;
    target.password = m_decisionsPassword->text().toStdString();
    return target;
}

void ConnectDialog::startConnect()
{
    start(true);
}

void ConnectDialog::start(bool connectAfter)
{
    const domain::ConnectionTarget chosen = target();
    if (chosen.service.empty() && chosen.database.empty()) {
        showError({domain::Fault::Invalid, "Nothing is chosen yet", "Choose a service, or fill in host and database", {}});
        return;
    }
    m_connectAfter = connectAfter;
    clearResult();
    m_resultTitle->setText(tr("Testing %1 …").arg(shown(domain::labelOf(chosen))));
    m_test->setEnabled(false);
    m_connect->setEnabled(false);
    m_asked = chosen;
    m_answer.ask(m_probe(chosen));
}

void ConnectDialog::take(const domain::Result<domain::Source>& source)
{
    m_test->setEnabled(true);
    m_connect->setEnabled(true);
    clearResult();
    if (!source) {
        showError(source.error());
        return;
    }
    showSource(*source);
    const bool turnedAway = source->environment == domain::Environment::Production && !source->writeAccess.empty();
    m_connect->setEnabled(!turnedAway);
    if (turnedAway)
        return;
    m_attached = Attached{m_asked, decisions(), *source};
    if (m_connectAfter)
        accept();
}

void ConnectDialog::showError(const domain::Error& error)
{
    clearResult();
    m_resultTitle->setText(error.sqlstate.empty() ? tr("Not connected")
                                                  : tr("Not connected, SQLSTATE %1").arg(shown(error.sqlstate)));
    addLine(static_cast<int>(theme::Icon::Fails), shown(error.detail));
    if (!error.remedy.empty())
        addLine(static_cast<int>(theme::Icon::Info), shown(error.remedy));
}

void ConnectDialog::showSource(const domain::Source& source)
{
    m_badge->present(source.environment);
    m_resultTitle->setText(tr("Test of %1").arg(shown(source.service)));
    const auto holds = static_cast<int>(theme::Icon::Holds);
    addLine(holds, tr("PostgreSQL %1 on %2, as %3").arg(shown(source.serverVersion), shown(source.server), shown(source.login)));
    addLine(holds, tr("Adapter “%1” %2, contract complete").arg(shown(source.adapter), shown(source.adapterVersion)));
    for (const domain::Capability& capability : source.capabilities) {
        if (!capability.available && !capability.detail.empty())
            addLine(static_cast<int>(theme::Icon::Caution), sentence(shown(capability.detail)));
    }
    if (source.writeAccess.empty()) {
        addLine(holds, tr("Read-only: 0 of %1 ways to write").arg(source.waysLookedFor));
        return;
    }
    const bool production = source.environment == domain::Environment::Production;
    m_banner->present(widgets::Banner::Kind::Danger,
                      tr("Not read-only: this login has %1 ways to write.").arg(source.writeAccess.size()),
                      production ? tr("The console stays closed until they are gone or another login is used.")
                                 : tr("Use another login where you can; the console opens under a banner."));
    QString remedies;
    for (const domain::WriteAccess& access : source.writeAccess)
        remedies += QStringLiteral("-- %1\n%2\n").arg(shown(access.what), shown(access.remedy));
    m_revokes->setCode(remedies.trimmed());
    m_revokes->show();
}

void ConnectDialog::addLine(int icon, const QString& text)
{
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout{row};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme::kGap);
    auto* glyph = new QLabel;
    const auto name = static_cast<theme::Icon>(icon);
    glyph->setPixmap(theme::icon(name, theme::roleOf(name)).pixmap(theme::kIcon));
    auto* words = new widgets::TextLabel{text, theme::Type::Dense};
    words->setWordWrap(true);
    words->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addWidget(glyph, 0, Qt::AlignTop);
    layout->addWidget(words, 1);
    m_lines->addWidget(row);
}

void ConnectDialog::clearResult()
{
    m_banner->dismiss();
    m_badge->hide();
    m_revokes->hide();
    m_resultTitle->clear();
    while (QLayoutItem* item = m_lines->takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

void ConnectDialog::forgetTest()
{
    if (m_resultTitle == nullptr)
        return; // still being built
    // An answer that is on its way is about what stood here before.
    m_answer.forget();
    m_attached.reset();
    clearResult();
    m_test->setEnabled(true);
    m_connect->setEnabled(true);
    m_resultTitle->setText(tr("Not tested yet. Connect tests first, too."));
}

} // namespace scr::dialogs
