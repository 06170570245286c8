#include "report/leaderboard_csv.h"

#include <array>
#include <string_view>

#include "history/csv_writer.h"

namespace scr::report {

namespace {

domain::Status writeLine(history::CsvFile& file, const rank::BumpSeries& series, const rank::BumpLine& line)
{
    for (std::uint32_t bin = 0; bin < series.bins; ++bin) {
        file.cell(series.endOf(bin)).cell(std::string_view{line.post.text}).cell(std::string_view{line.title});
        if (line.rank[bin] > 0)
            file.cell(static_cast<std::int64_t>(line.rank[bin]));
        else
            file.cell(std::string_view{});
        file.cell(line.score[bin]);
        if (const domain::Status written = file.endRow(); !written)
            return written;
    }
    return domain::Nothing{};
}

} // namespace

domain::Status writeLeaderboardCsv(const rank::BumpSeries& series, const std::string& path)
{
    auto file = history::CsvFile::create(path, history::CsvStyle::Spreadsheet);
    if (!file)
        return domain::failureOf(file);
    constexpr std::array<std::string_view, 5> kHeader{"time", "post", "title", "rank", "score"};
    if (const domain::Status header = file->row(kHeader); !header)
        return header;
    for (const rank::BumpLine& line : series.lines) {
        if (const domain::Status written = writeLine(*file, series, line); !written)
            return written;
    }
    return file->commit();
}

} // namespace scr::report
