#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include <unistd.h>

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
    if (domain::Status named = header(file, {"flag",         "detector",    "rule_version",  "severity",    "score",
                                             "subject_kind", "subject",     "subject_label", "post",        "post_title",
                                             "from",         "to",          "votes",         "extra_votes", "state",
                                             "decided_by",   "recorded_at", "headline",      "explanation", "counter_evidence",
                                             "clears_if",    "recorded_by", "versions",      "changed_by",  "changed_at"});
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
        file.cell(recorded.recordedBy).cell(recorded.versions).cell(recorded.changedBy).cell(recorded.changedAt);
        return file.endRow();
    });
}

void voteCells(CsvFile& file, const domain::Vote& vote)
{
    file.cell(vote.key.text).cell(vote.token.text).cell(vote.post.text).cell(vote.author.text);
    file.cell(static_cast<float>(vote.value)).cell(vote.castAt);
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
    file.cell(joined(row.flags)).cell(row.restores.text).cell(row.restoredBy.text).cell(row.digest);
    file.cell(row.withdrawnBy).cell(row.withdrawnAt).cell(row.withdrawalReason).cell(row.standing);
}

/// One line for each post of a request.
domain::Status voids(CsvFile& file, const Report& report)
{
    if (domain::Status named =
            header(file, {"number",       "request",     "kind",         "state",        "votes",        "posts",
                          "requested_by", "approved_by", "requested_at", "committed_at", "reason",       "flags",
                          "restores",     "restored_by", "digest",       "withdrawn_by", "withdrawn_at", "withdrawal_reason",
                          "standing",     "post",        "title",        "post_votes",   "score_change"});
        !named)
        return named;
    return each(report.voids, [&](const VoidPart& part) {
        return each(part.posts, [&](const domain::PostShare& share) {
            requestCells(file, part);
            return file.cell(share.post.text).cell(share.title).cell(share.votes).cell(share.change).endRow();
        });
    });
}

domain::Status log(CsvFile& file, const Report& report)
{
    if (domain::Status named = header(file, {"entry", "at", "actor", "kind", "subject", "outcome", "detail"}); !named)
        return named;
    return each(report.log, [&](const domain::AuditEntry& entry) {
        file.cell(entry.key).cell(entry.at).cell(entry.actor).cell(domain::nameOf(entry.kind));
        return file.cell(entry.subject).cell(entry.outcome).cell(entry.detail).endRow();
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
constexpr Table kTables[] = {{"flags.csv", flags},         {"votes.csv", votes},
                             {"voids.csv", voids},         {"leaderboard.csv", leaderboard},
                             {"decisions.csv", decisions}, {"log.csv", log}};

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

domain::Status writeAll(const Report& report, const std::filesystem::path& folder)
{
    if (domain::Status exact = writeTables(report, folder, CsvStyle::Exact); !exact)
        return exact;
    if (domain::Status safe = writeTables(report, folder / "spreadsheet", CsvStyle::Spreadsheet); !safe)
        return safe;
    return writeHtml(report, (folder / "report.html").string());
}

} // namespace

domain::Status writeFolder(const Report& report, const std::string& folder)
{
    namespace fs = std::filesystem;
    std::error_code error;
    const fs::path path = fs::path{folder}.lexically_normal();
    const fs::path target = path.has_filename() ? path : path.parent_path();
    if (fs::exists(target, error) && !(fs::is_directory(target, error) && fs::is_empty(target, error)))
        return domain::failure(Fault::Invalid, fmt::format("{} is there already and is not an empty folder", target.string()),
                               "Choose a new name; a report is not mixed with what lies there");
    // Beside its place, so that a report that could not be finished leaves nothing, and one that was is there all at once.
    const fs::path part = fmt::format("{}.part-{}", target.string(), ::getpid());
    domain::Status written = writeAll(report, part);
    if (written) {
        fs::rename(part, target, error);
        if (error)
            written = domain::failure(Fault::Unavailable,
                                      fmt::format("The folder {} cannot be put in place: {}", target.string(), error.message()),
                                      "Choose another place or check its permissions");
    }
    if (!written)
        fs::remove_all(part, error);
    return written;
}

} // namespace scr::report
