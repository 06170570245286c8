#include "shell/pack_status.h"

#include "dialogs/text_dialog.h"
#include "tables/cell_text.h"
#include "widgets/banner.h"
#include "widgets/status_strip.h"

namespace scr::shell {

using widgets::Banner;

PackStatus::PackStatus(Workspace& workspace, widgets::StatusStrip& status, Banner& banner, QWidget& window) :
    QObject{&window}, m_workspace{workspace}, m_status{status}, m_banner{banner}, m_window{window}
{
    const domain::Source& source = workspace.source;
    m_status.setEvidence(source.environment);
    m_status.setSource(tables::shown(source.service));
    m_status.setClock(tr("as of %1 UTC").arg(tables::dateTimeText(source.readAt)));
    connect(&m_status, &widgets::StatusStrip::lockClicked, this, &PackStatus::showVerdict);
    connect(&m_banner, &Banner::buttonClicked, this, &PackStatus::showVerdict);
    connect(&workspace.seal, &jobs::SealJob::verificationEnded, this, &PackStatus::takeVerification);
    connect(&workspace.seal, &jobs::SealJob::verificationBegan, this, &PackStatus::tellBusy);
    workspace.seal.verify();
}

void PackStatus::tellBusy()
{
    m_status.setLock(tr("evidence pack, being verified"), false);
    m_banner.present(Banner::Kind::Warning, tr("Evidence pack, not verified yet."), m_workspace.pack->about);
    m_banner.setDetails(m_workspace.pack->remarks);
}

void PackStatus::takeVerification(const domain::Result<jobs::VerifyReport>& report)
{
    const PackNote& pack = *m_workspace.pack;
    const QString keys =
        pack.areKeysGiven ? QString{} : tr(" Its keys are its own word: compare them with those that you have from elsewhere.");
    if (!report) {
        m_status.setLock(tr("evidence pack, not verified"), false);
        m_banner.present(Banner::Kind::Danger, tr("This evidence pack was not verified."),
                         tables::shown(domain::sentenceOf(report.error())));
    } else if (report->isGood()) {
        m_status.setLock(tr("evidence pack, verified"), true);
        m_banner.present(pack.areKeysGiven ? Banner::Kind::Ok : Banner::Kind::Info, tr("Evidence pack, verified."),
                         pack.about + tr(" Flags, controls and what became of votes are the exporter's word.") + keys,
                         tr("What was checked"));
    } else {
        const QString count = tables::countText(static_cast<std::int64_t>(report->findingCount), "finding", "findings");
        m_status.setLock(tr("evidence pack, NOT verified: %1").arg(count), false);
        m_banner.present(Banner::Kind::Danger, tr("This evidence pack does NOT verify: %1.").arg(count), pack.about,
                         tr("Show all"));
    }
    m_banner.setDetails(pack.remarks);
}

void PackStatus::showVerdict()
{
    const QString verdict = m_workspace.pack->verdict();
    if (verdict.isEmpty())
        return;
    (new dialogs::TextDialog{tr("Verification of the evidence pack"),
                             tr("As scrutineer-verify prints it. That small program and the description of the format come with "
                                "Scrutineer: with them "
                                "anybody can check the pack without it. It shows that the entries are what was sealed, that "
                                "attempts, decisions, votes and "
                                "voids agree with them, and who signed; names, flags, controls, reports, and the author, time "
                                "and state of a vote are the "
                                "exporter's word."),
                             verdict, &m_window})
        ->open();
}

} // namespace scr::shell
