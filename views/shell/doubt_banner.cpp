#include "shell/doubt_banner.h"

#include <algorithm>

#include "tables/cell_text.h"

namespace scr::shell {

DoubtBanner::DoubtBanner(ports::Moderation& moderation, QWidget* parent) :
    Banner{parent}, m_moderation{moderation}, m_unfinished{this, &DoubtBanner::takeUnfinished},
    m_settled{this, &DoubtBanner::takeSettled}
{
    connect(this, &Banner::buttonClicked, this, [this] {
        if (m_shown.empty())
            dismiss();
        else if (!m_settled.isRunning())
            m_settled.wait(m_moderation.resend(m_shown));
    });
    connect(this, &Banner::otherClicked, this, [this] {
        if (!m_settled.isRunning())
            m_settled.wait(m_moderation.giveUp(m_shown));
    });
}

void DoubtBanner::look()
{
    m_unfinished.wait(m_moderation.unfinished());
}

void DoubtBanner::takeUnfinished(const domain::Result<std::vector<ports::UnfinishedOrder>>& unfinished)
{
    if (!unfinished) {
        emit noticed(tables::shown(domain::sentenceOf(unfinished.error())));
        return;
    }
    if (unfinished->empty()) {
        if (!m_shown.empty())
            dismiss();
        m_shown.clear();
        return;
    }
    m_shown = *unfinished;
    present(
        widgets::Banner::Kind::Warning,
        tr("%1 sent earlier has no known outcome.")
            .arg(tables::countText(static_cast<std::int64_t>(unfinished->size()), "request", "requests")),
        tr("Sent again, one that was carried out is only answered; one that never arrived is carried out now, exactly as it was "
           "signed. Given up, one that never arrived is not carried out any more."),
        tr("Send again"), tr("Give up"));
    QStringList details;
    for (const ports::UnfinishedOrder& one : *unfinished)
        details << tr("%1, signed %2 UTC, request %3")
                       .arg(tables::shown(one.what), tables::dateTimeText(one.sentAt), tables::shown(one.request.text));
    setDetails(details);
}

void DoubtBanner::takeSettled(const domain::Result<std::vector<ports::SettledOrder>>& outcomes)
{
    if (!outcomes) {
        emit noticed(tables::shown(domain::sentenceOf(outcomes.error())));
        return;
    }
    QStringList details;
    std::vector<domain::RequestId> requests;
    for (const ports::SettledOrder& one : *outcomes) {
        details << tables::shown(one.sentence);
        if (one.settled)
            requests.push_back(one.request);
    }
    const auto open =
        std::count_if(outcomes->begin(), outcomes->end(), [](const ports::SettledOrder& one) { return !one.settled; });
    if (open == 0)
        m_shown.clear();
    if (outcomes->empty())
        dismiss();
    else if (open > 0)
        present(widgets::Banner::Kind::Warning,
                tr("%1 still without a known outcome.").arg(tables::countText(open, "request", "requests")),
                tr("It stays in the journal until the database has answered."), tr("Send again"), tr("Give up"));
    else
        present(widgets::Banner::Kind::Ok, tr("Settled."), {}, tr("Close"));
    setDetails(details);
    emit settled(requests);
}

} // namespace scr::shell
