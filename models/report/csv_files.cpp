#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "history/csv_writer.h"
#include "report/writers.h"

namespace scr::report {

namespace {

using domain::Fault;
using history::CsvFile;
using history::CsvStyle;

template <class Tag>
std::string joined(const std::vector<domain::Key<Tag>>& keys)
{
    std::string text;
    for (const auto& key : keys)
        text += (text.empty() ? "" : " ") + key.text;
    return text;
}

std::string joined(const std::vector<std::string>& sentences)
{
    std::string text;
    for (const std::string& sentence : sentences)
        text += (text.empty() ? "" : " ") + sentence;
    return text;
}

domain::Status header(CsvFile& file, std::initializer_list<std::string_view> names)
{
    return file.row({names.begin(), names.size()});
}

/// Calls `write` for each item until one fails.
template <class Items, class Write>
domain::Status each(const Items& items, Write write)
{
    for (const auto& item : items) {
        if (domain::Status written = write(item); !written)
            return written;
    }
    return domain::Nothing{};
}

domain::Status flags(CsvFile& file, const Report& report)
{
    if (domain::Status named =
            header(file, {"flag",        "detector",         "rule_version", "severity",   "score",       "subject_kind",
                          "subject",     "subject_label",    "post",         "post_title", "from",        "to",
                          "votes",       "extra_votes",      "state",        "decided_by", "recorded_at", "headline",
                          "explanation", "counter_evidence", "clears_if"});
        !named)
        return named;
    return each(report.flags, [&](const FlagPart& part) {
        const domain::RecordedFlag& recorded = part.recorded;
        const domain::Flag& flag = recorded.flag;
        file.cell(flag.key.text)
            .cell(domain::nameOf(flag.detector))
            .cell(flag.ruleVersion)
            .cell(domain::nameOf(flag.severity))
            .cell(flag.score);
        file.cell(domain::nameOf(flag.subject.kind))
            .cell(flag.subject.key)
            .cell(recorded.subjectLabel)
            .cell(flag.subject.post.text);
        file.cell(recorded.postTitle).cell(flag.from).cell(flag.to).cell(static_cast<std::int64_t>(flag.votes.size()));
        file.cell(static_cast<std::int64_t>(flag.extraVotes.size())).cell(domain::nameOf(recorded.state)).cell(recorded.actor);
        file.cell(recorded.recordedAt)
            .cell(flag.headline)
            .cell(flag.explanation)
            .cell(joined(flag.counterEvidence))
            .cell(flag.clearsIf);
        return file.endRow();
    });
}

void voteCells(CsvFile& file, const domain::Vote& vote)
{
    file.cell(vote.key.text).cell(vote.token.text).cell(vote.post.text).cell(vote.author.text).cell(vote.value).cell(vote.castAt);
    file.cell(vote.origin).cell(domain::nameOf(vote.state));
}

/// One line for each vote of each flag, void and restore. Where only the keys are known, the other cells are empty.
domain::Status votes(CsvFile& file, const Report& report)
{
    if (domain::Status named =
            header(file, {"belongs_to", "vote_key", "token", "post", "author", "value", "cast_at", "origin", "state"});
        !named)
        return named;
    domain::Status written = each(report.flags, [&](const FlagPart& part) {
        const std::string& owner = part.recorded.flag.key.text;
        if (part.votes.empty()) {
            return each(part.recorded.flag.votes, [&](const domain::VoteKey& key) {
                return file.row(std::initializer_list<std::string_view>{owner, key.text, "", "", "", "", "", "", ""});
            });
        }
        return each(part.votes, [&](const domain::Vote& vote) {
            voteCells(file.cell(owner), vote);
            return file.endRow();
        });
    });
    if (!written)
        return written;
    return each(report.voids, [&](const VoidPart& part) {
        const std::string owner = fmt::format("V-{}", part.request.number);
        return each(part.votes, [&](const domain::Vote& vote) {
            voteCells(file.cell(owner), vote);
            return file.endRow();
        });
    });
}

void requestCells(CsvFile& file, const VoidPart& part)
{
    const domain::VoidRequestRow& row = part.request;
    file.cell(fmt::format("V-{}", row.number))
        .cell(row.request.text)
        .cell(domain::nameOf(row.kind))
        .cell(domain::nameOf(row.state));
    file.cell(row.votes)
        .cell(row.posts)
        .cell(row.requestedBy)
        .cell(row.approvedBy)
        .cell(row.requestedAt)
        .cell(row.committedAt)
        .cell(row.reason);
    file.cell(joined(row.flags)).cell(row.restores.text).cell(row.restoredBy.text).cell(part.digest);
}

/// One line for each post that a request changed; a request without any has one line with empty cells.
domain::Status voids(CsvFile& file, const Report& report)
{
    if (domain::Status named =
            header(file, {"number",       "request",     "kind",         "state",        "votes",  "posts",
                          "requested_by", "approved_by", "requested_at", "committed_at", "reason", "flags",
                          "restores",     "restored_by", "digest",       "post",         "title",  "post_votes",
                          "score_before", "score_after", "rank_before",  "rank_after"});
        !named)
        return named;
    return each(report.voids, [&](const VoidPart& part) {
        if (part.changes.empty()) {
            requestCells(file, part);
            for (int i = 0; i < 7; ++i)
                file.cell(std::string_view{});
            return file.endRow();
        }
        return each(part.changes, [&](const domain::ScoreChange& change) {
            requestCells(file, part);
            file.cell(change.post.text).cell(change.title).cell(change.votes).cell(change.scoreBefore).cell(change.scoreAfter);
            return file.cell(change.rankBefore).cell(change.rankAfter).endRow();
        });
    });
}

domain::Status leaderboard(CsvFile& file, const Report& report)
{
    if (domain::Status named = header(file, {"rank", "post", "title", "score", "rank_with_voided", "score_with_voided",
                                             "rank_without_flagged", "score_without_flagged"});
        !named)
        return named;
    return each(report.leaderboard, [&](const LeaderRow& row) {
        file.cell(row.rank)
            .cell(row.post.text)
            .cell(row.title)
            .cell(row.score)
            .cell(row.rankWithVoided)
            .cell(row.scoreWithVoided);
        return file.cell(row.rankWithoutFlagged).cell(row.scoreWithoutFlagged).endRow();
    });
}

domain::Status decisions(CsvFile& file, const Report& report)
{
    if (domain::Status named = header(file, {"review", "flag", "decision", "reason", "actor", "decided_at", "snooze_until"});
        !named)
        return named;
    return each(report.flags, [&](const FlagPart& part) {
        return each(part.decisions, [&](const domain::ReviewEntry& entry) {
            file.cell(entry.review)
                .cell(entry.flag.text)
                .cell(domain::nameOf(entry.decision))
                .cell(entry.reason)
                .cell(entry.actor);
            return file.cell(entry.decidedAt).cell(entry.snoozeUntil).endRow();
        });
    });
}

struct Table {
    std::string_view name;
    domain::Status (*write)(CsvFile&, const Report&);
};
constexpr Table kTables[] = {{"flags.csv", flags},
                             {"votes.csv", votes},
                             {"voids.csv", voids},
                             {"leaderboard.csv", leaderboard},
                             {"decisions.csv", decisions}};

domain::Status makeFolder(const std::filesystem::path& folder)
{
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error || !std::filesystem::is_directory(folder, error))
        return domain::failure(Fault::Unavailable,
                               fmt::format("The folder {} cannot be made: {}", folder.string(), error.message()),
                               "Choose another place or check its permissions");
    return domain::Nothing{};
}

domain::Status writeTables(const Report& report, const std::filesystem::path& folder, CsvStyle style)
{
    if (domain::Status made = makeFolder(folder); !made)
        return made;
    return each(kTables, [&](const Table& table) {
        auto file = CsvFile::create((folder / table.name).string(), style);
        if (!file)
            return domain::Status{domain::failureOf(file)};
        if (domain::Status written = table.write(*file, report); !written)
            return written;
        return file->commit();
    });
}

} // namespace

domain::Status writeCsvFiles(const Report& report, const std::string& folder)
{
    const std::filesystem::path path{folder};
    if (domain::Status exact = writeTables(report, path, CsvStyle::Exact); !exact)
        return exact;
    return writeTables(report, path / "spreadsheet", CsvStyle::Spreadsheet);
}

domain::Status writeFolder(const Report& report, const std::string& folder)
{
    if (domain::Status tables = writeCsvFiles(report, folder); !tables)
        return tables;
    return writeHtml(report, (std::filesystem::path{folder} / "report.html").string());
}

} // namespace scr::report
