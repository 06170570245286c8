#include "shell/live_status.h"

#include <QAction>

#include "tables/cell_text.h"
#include "widgets/status_strip.h"

namespace scr::shell {

using theme::Role;

LiveStatus::LiveStatus(Workspace& workspace, widgets::StatusStrip& status, QObject* parent) :
    QObject{parent}, m_workspace{workspace}, m_status{status}, m_action{new QAction{tr("Follow live"), this}}
{
    m_action->setCheckable(true);
    m_action->setShortcut(QKeySequence{Qt::Key_F6});
    m_status.setLive(tr("Not live"), Role::Text2);
    connect(m_action, &QAction::toggled, this, &LiveStatus::toggle);
    connect(&m_status, &widgets::StatusStrip::liveClicked, m_action, &QAction::toggle);
    connect(&m_workspace.follow, &jobs::FollowJob::stateChanged, this, &LiveStatus::showState);
    connect(&m_workspace.follow, &jobs::FollowJob::ended, this, &LiveStatus::takeEnd);
    connect(&m_workspace.follow, &jobs::FollowJob::recorded, this, [this](quint64 flags) {
        if (flags > 0)
            emit noticed(tr("Live: %1.").arg(tables::countText(static_cast<std::int64_t>(flags), "new flag", "new flags")));
        emit flagsRecorded();
    });
}

void LiveStatus::setLive(bool isLive)
{
    m_action->setChecked(isLive);
}

void LiveStatus::toggle(bool isLive)
{
    if (isLive) {
        m_status.setLive(tr("Live: reading the last days"), Role::Text2);
        if (!m_workspace.follow.isRunning()) // one that was just stopped starts again when it has ended
            m_workspace.startFollow();
    } else {
        m_workspace.follow.stop();
        m_status.setLive(tr("Not live"), Role::Text2);
    }
    emit liveChanged(isLive);
}

void LiveStatus::showState(const jobs::FollowState& state)
{
    if (!m_action->isChecked())
        return;
    const QString trouble = state.trouble.detail.empty() ? QString{} : tables::shown(domain::sentenceOf(state.trouble));
    if (!trouble.isEmpty() && trouble != m_trouble)
        emit noticed(tr("Live: %1 It tries again by itself.").arg(trouble));
    m_trouble = trouble;
    if (!trouble.isEmpty())
        m_status.setLive(tr("Live: trying again"), Role::WarningText);
    else
        m_status.setLive(tr("Live · %1 · %2 s")
                             .arg(tables::countText(static_cast<std::int64_t>(state.votes), "vote", "votes"),
                                  QString::number(static_cast<double>(state.lastLook.count()) / 1e6, 'f', 1)),
                         Role::OkText);
}

void LiveStatus::takeEnd(const domain::Status& status)
{
    if (!status) {
        emit noticed(tables::shown(domain::sentenceOf(status.error())));
        m_status.setLive(tr("Live: could not begin"), Role::WarningText);
        const QSignalBlocker blocker{m_action};
        m_action->setChecked(false);
    } else if (m_action->isChecked()) {
        m_workspace.startFollow();
    }
}

} // namespace scr::shell
