#include "shell/exports.h"

#include <QDateTime>
#include <QWidget>

#include "dialogs/save_dialog.h"
#include "shell/job_bar.h"
#include "tables/cell_text.h"

namespace scr::shell {

Exports::Exports(Workspace& workspace, JobBar& jobs, QWidget& window, std::function<query::Query()> query) :
    QObject{&window}, m_workspace{workspace}, m_jobs{jobs}, m_window{window}, m_query{std::move(query)}
{
    auto* report = new QAction{tr("Export a report…"), this};
    report->setShortcut(QKeySequence{Qt::CTRL | Qt::Key_E});
    connect(report, &QAction::triggered, this, &Exports::exportReport);
    m_actions << report;
    connect(&m_workspace.report, &jobs::FileJob::finished, this, [this](const QString& path, const domain::Status& status) {
        emit noticed(status ? tr("The report is in %1").arg(path) : tables::shown(domain::sentenceOf(status.error())));
    });
    if (m_workspace.packing != nullptr)
        addPackActions();
}

void Exports::addPackActions()
{
    auto* pack = new QAction{tr("Export an evidence pack…"), this};
    pack->setShortcut(QKeySequence{Qt::CTRL | Qt::SHIFT | Qt::Key_E});
    connect(pack, &QAction::triggered, this, [this] { exportPack(false); });
    auto* redacted = new QAction{tr("Export an evidence pack without names…"), this};
    connect(redacted, &QAction::triggered, this, [this] { exportPack(true); });
    m_actions << pack << redacted;
    connect(m_workspace.packing, &jobs::FileJob::finished, this, [this](const QString& path, const domain::Status& status) {
        const QString salt = m_isRedacted ? tr(" Keep the file with the salt of its names, and give it to nobody.") : QString{};
        emit noticed(
            status ? tr("The evidence pack is in %1; it was verified, and the audit log says that it was made.").arg(path) + salt
                   : tables::shown(domain::sentenceOf(status.error())));
    });
}

void Exports::exportReport()
{
    if (m_workspace.report.isRunning())
        return;
    dialogs::askWhereToSave(m_window, tr("Export a report"), QStringLiteral("vote-integrity-report"),
                            {{tr("Web page"), QStringLiteral("html")},
                             {tr("Document"), QStringLiteral("pdf")},
                             {tr("Folder with everything"), QString{}}},
                            [this](const QString& path) {
                                m_jobs.beginReport();
                                m_workspace.startReport(m_query().range, path);
                            });
}

void Exports::exportPack(bool isRedacted)
{
    if (m_workspace.packing->isRunning())
        return;
    const query::Query query = m_query();
    const QString what = query.filter.terms.empty()
                             ? tr("Export an evidence pack of the time range")
                             : tr("Export an evidence pack of what matches %1").arg(tables::shown(textOf(query.filter)));
    // One without names must not take the place of one with them.
    const QString name = QStringLiteral("evidence-") + QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyy-MM-dd")) +
                         (isRedacted ? QStringLiteral("-without-names") : QString{});
    dialogs::askWhereToSave(m_window, what, name, {{tr("Archive"), QStringLiteral("tar")}, {tr("Folder"), QString{}}},
                            [this, query, isRedacted](const QString& path) {
                                m_isRedacted = isRedacted;
                                m_jobs.beginPack();
                                m_workspace.startPack(query, path, isRedacted);
                            });
}

} // namespace scr::shell
