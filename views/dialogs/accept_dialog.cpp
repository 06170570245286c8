#include "dialogs/accept_dialog.h"

#include <array>
#include <chrono>

#include "tables/cell_text.h"
#include "theme/metrics.h"
#include "widgets/segmented_button.h"

namespace scr::dialogs {

namespace {

constexpr std::array kPeriods{std::chrono::days{30}, std::chrono::days{90}, std::chrono::days{180}, std::chrono::days{365}};
constexpr int kUsual = 1; ///< a quarter of a year

domain::UtcTime nowPlus(std::chrono::days period)
{
    return std::chrono::time_point_cast<domain::Micros>(std::chrono::system_clock::now()) + period;
}

} // namespace

AcceptDialog::AcceptDialog(const domain::Control& control, QWidget* parent) :
    ReasonDialog{
        {tr("Accept the risk"),
         (control.state == domain::ControlState::Fails
              ? tr("“%1” does not hold. Why may that wait? Goes into the audit log.")
              : tr("“%1” cannot be checked. Why may that wait? Goes into the audit log."))
             .arg(tables::shown(control.title)),
         tr("You answer for it until then, by name. It is not mended by this: the control goes on being checked, and what is "
            "accepted ends on that day, or when a check on record finds that it holds or is worse."),
         tr("Accept risk")},
        QStringLiteral("accept"),
        parent}
{
    m_period = new widgets::SegmentedButton{{tr("30 days"), tr("90 days"), tr("180 days"), tr("a year")}};
    m_period->setObjectName(QStringLiteral("acceptPeriod"));
    m_period->setStretched(true);
    m_period->setFixedHeight(theme::kButton);
    m_period->setCurrent(kUsual);
    addChoice(tr("For how long?"), m_period);
    connect(this, &ReasonDialog::reasonGiven, this, [this, name = control.name, state = control.state](const QString& reason) {
        emit ordered({name, state, nowPlus(kPeriods[static_cast<std::size_t>(m_period->current())]), reason.toStdString()});
    });
}

} // namespace scr::dialogs
