#pragma once

#include "print/sheet.h"
#include "report/report.h"

namespace scr::print {

/// Lays a report out on a sheet, section by section.
class ReportPages {
public:
    ReportPages(const report::Report& report, Sheet& sheet) : m_report{report}, m_sheet{sheet} {}
    void run();

private:
    struct Fact {
        QString name;
        QString value;
        bool mono = false;
    };
    void cover();
    void figures();
    void facts(const std::vector<Fact>& facts);
    void section(const QString& title);
    void minor(const QString& title);
    void detectors();
    void overview();
    void flag(const report::FlagPart& part);
    void reasons(const domain::Flag& flag);
    void decisions(const report::FlagPart& part);
    void votes(const report::FlagPart& part);
    void voids();
    void request(const report::VoidPart& part);
    void shares(const std::vector<domain::PostShare>& shares);
    void log();
    void leaderboard();
    void source();
    void notes();

    const report::Report& m_report;
    Sheet& m_sheet;
};

} // namespace scr::print
