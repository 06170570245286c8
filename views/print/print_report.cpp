#include "print/print_report.h"

#include <QFileInfo>
#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>

#include <fmt/format.h>

#include "print/report_pages.h"
#include "print/sheet.h"
#include "print/units.h"
#include "report/wording.h"
#include "report/writers.h"

namespace scr::print {

namespace {

using domain::Fault;

void prepare(QPdfWriter& writer, const report::Report& report)
{
    writer.setResolution(kDotsPerInch);
    writer.setPageLayout({QPageSize{QPageSize::A4}, QPageLayout::Portrait, {}});
    writer.setTitle(shown(report.title));
    writer.setCreator(QStringLiteral("Scrutineer ") + shown(report.toolVersion));
}

Sheet::Frame frameOf(const report::Report& report)
{
    return {shown(fmt::format("{} · {} · {}", report.title, report.source.service, report::periodText(report.period))),
            shown(fmt::format("Scrutineer {} · made by {} on {} UTC", report.toolVersion, report.madeBy,
                              report::timeText(report.madeAt))),
            0};
}

tl::unexpected<domain::Error> writeFailure(const QString& path, const QString& why)
{
    return domain::failure(Fault::Unavailable,
                           fmt::format("{} cannot be written: {}; nothing was left there", path.toStdString(), why.toStdString()),
                           "Check the folder, its permissions and the free space");
}

} // namespace

domain::Status printReport(const report::Report& report, const QString& path)
{
    if (const QFileInfo there{path}; there.exists() && !there.isFile())
        return domain::failure(Fault::Invalid, fmt::format("'{}' is not the name of a file", path.toStdString()),
                               "Name a file to write");
    QSaveFile file{path};
    if (!file.open(QIODevice::WriteOnly))
        return writeFailure(path, file.errorString());
    {
        QPdfWriter writer{&file};
        prepare(writer, report);
        Sheet::Frame frame = frameOf(report);
        Sheet counted{writer, nullptr, frame};
        ReportPages{report, counted}.run();
        frame.pages = counted.pages();
        QPainter painter;
        if (!painter.begin(&writer))
            return writeFailure(path, file.errorString());
        Sheet sheet{writer, &painter, frame};
        ReportPages{report, sheet}.run();
        if (!painter.end())
            return writeFailure(path, file.errorString());
    }
    if (!file.commit())
        return writeFailure(path, file.errorString());
    return domain::Nothing{};
}

domain::Status writeReport(const report::Report& report, const QString& path)
{
    const QString suffix = QFileInfo{path}.suffix().toLower();
    if (suffix == QLatin1String{"html"} || suffix == QLatin1String{"htm"})
        return report::writeHtml(report, path.toStdString());
    if (suffix == QLatin1String{"pdf"})
        return printReport(report, path);
    if (!suffix.isEmpty())
        return domain::failure(Fault::Invalid, fmt::format("a report is not written as .{}", suffix.toStdString()),
                               "Name FILE.html, FILE.pdf, or a folder, whose name has no dot");
    return report::writeFolder(report, path.toStdString());
}

} // namespace scr::print
