#pragma once

#include <functional>
#include <optional>

#include <QDialog>
#include <QFuture>

#include "domain/connection.h"
#include "domain/result.h"
#include "domain/source.h"
#include "ports/latest.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;
class QVBoxLayout;

namespace scr::widgets {
class Banner;
class CodeBox;
class EnvironmentBadge;
class SegmentedButton;
class TextLabel;
} // namespace scr::widgets

namespace scr::dialogs {

/// Chooses a source by libpq service or by fields, tests it, and lets one in only when the test holds: on production a login that
/// could write is turned away with the statements that close each way.
class ConnectDialog : public QDialog {
    Q_OBJECT
public:
    using Probe = std::function<QFuture<domain::Result<domain::Source>>(const domain::ConnectionTarget&)>;
    ConnectDialog(Probe probe, const std::vector<std::string>& services, QWidget* parent = nullptr);

    void setTarget(const domain::ConnectionTarget& target);
    /// A source and the connection by which it was tested: one is worth nothing without the other.
    struct Attached {
        domain::ConnectionTarget target;
        std::optional<domain::ConnectionTarget> decisions; ///< named in the fields; a service has its own by name
        domain::Source source;
    };
    /// The last test that held, of what is in the fields still; the dialog is accepted with it.
    [[nodiscard]] const std::optional<Attached>& attached() const noexcept { return m_attached; }
    void startConnect(); ///< what the button Connect does

private:
    void showKind(int kind); ///< 0: service, 1: fields
    QWidget* makeServicePage(const std::vector<std::string>& services);
    QWidget* makeFieldsPage();
    QWidget* makeResult();
    QWidget* makeButtons();
    [[nodiscard]] domain::ConnectionTarget target() const; ///< as the fields are now
    [[nodiscard]] std::optional<domain::ConnectionTarget> decisions() const;
    void start(bool connectAfter);
    void take(const domain::Result<domain::Source>& source);
    void showError(const domain::Error& error);
    void showSource(const domain::Source& source);
    void addLine(int icon, const QString& text);
    void clearResult();
    void forgetTest();

    Probe m_probe;
    ports::Latest<domain::Result<domain::Source>> m_answer;
    domain::ConnectionTarget m_asked; ///< what the answer will be about
    std::optional<Attached> m_attached;
    bool m_connectAfter = false;

    widgets::SegmentedButton* m_kind{};
    QStackedWidget* m_pages{};
    QComboBox* m_service{};
    QLineEdit* m_host{};
    QLineEdit* m_port{};
    QLineEdit* m_database{};
    QLineEdit* m_user{};
    QLineEdit* m_password{};
    QLineEdit* m_decisionsUser{};
    QLineEdit* m_decisionsPassword{};
    QComboBox* m_sslMode{};
    QWidget* m_result{};
    QVBoxLayout* m_lines{};
    widgets::EnvironmentBadge* m_badge{};
    widgets::TextLabel* m_resultTitle{};
    widgets::Banner* m_banner{};
    widgets::CodeBox* m_revokes{};
    QPushButton* m_test{};
    QPushButton* m_connect{};
};

} // namespace scr::dialogs
