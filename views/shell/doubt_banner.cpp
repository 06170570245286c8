#include "shell/doubt_banner.h"

#include <algorithm>

#include "tables/cell_text.h"

namespace scr::shell {

DoubtBanner::DoubtBanner(ports::Moderation& moderation, QWidget* parent) :
    Banner{parent}, m_moderation{moderation}, m_unfinished{this, &DoubtBanner::takeUnfinished},
    m_resent{this, &DoubtBanner::takeResent}
{
    connect(this, &Banner::buttonClicked, this, [this] {
        if (!m_inDoubt)
            dismiss();
        else if (!m_resent.isRunning())
            m_resent.wait(m_moderation.resendUnfinished());
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
        if (m_inDoubt)
            dismiss();
        m_inDoubt = false;
        return;
    }
    m_inDoubt = true;
    present(
        widgets::Banner::Kind::Warning,
        tr("%1 sent earlier has no known outcome.")
            .arg(tables::countText(static_cast<std::int64_t>(unfinished->size()), "request", "requests")),
        tr("Sent again, one that was carried out is only answered; one that never arrived is carried out now, exactly as it was "
           "signed."),
        tr("Send again"));
    QStringList details;
    for (const ports::UnfinishedOrder& one : *unfinished)
        details << tr("%1, signed %2 UTC, request %3")
                       .arg(tables::shown(one.what), tables::dateTimeText(one.sentAt), tables::shown(one.request.text));
    setDetails(details);
}

void DoubtBanner::takeResent(const domain::Result<std::vector<ports::ResentOrder>>& resent)
{
    if (!resent) {
        emit noticed(tables::shown(domain::sentenceOf(resent.error())));
        return;
    }
    QStringList details;
    for (const ports::ResentOrder& one : *resent)
        details << tables::shown(one.sentence);
    const auto open = std::count_if(resent->begin(), resent->end(), [](const ports::ResentOrder& one) { return !one.settled; });
    m_inDoubt = open > 0;
    if (resent->empty())
        dismiss();
    else if (open > 0)
        present(widgets::Banner::Kind::Warning,
                tr("%1 still without a known outcome.").arg(tables::countText(open, "request", "requests")),
                tr("It stays in the journal until the database has answered."), tr("Send again"));
    else
        present(widgets::Banner::Kind::Ok, tr("Settled."), {}, tr("Close"));
    setDetails(details);
    emit settled();
}

} // namespace scr::shell
