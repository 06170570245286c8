#include "compose/pack_ports.h"

#include <mutex>
#include <regex>
#include <stdexcept>

#include <QCoreApplication>

#include <fmt/format.h>

#include "jobs/verify_log.h"
#include "packed/packed_audit_source.h"
#include "packed/packed_control_source.h"
#include "packed/packed_flag_source.h"
#include "packed/packed_leaderboard_source.h"
#include "packed/packed_log_source.h"
#include "packed/packed_report_source.h"
#include "packed/packed_void_source.h"
#include "packed/packed_vote_source.h"
#include "packed/refusals.h"
#include "report/report.h"
#include "store/control_check.h"
#include "tables/cell_text.h"
#include "verify/verify.h"

namespace scr::compose {

using audit::LogFinding;
using audit::Mismatch;
using domain::Result;

namespace {

/// What the verifier printed last; written by the verification, read by the window.
class LastVerdict {
public:
    void set(const std::string& text)
    {
        const std::lock_guard lock{m_mutex};
        m_text = text;
    }
    [[nodiscard]] std::string text() const
    {
        const std::lock_guard lock{m_mutex};
        return m_text;
    }

private:
    mutable std::mutex m_mutex;
    std::string m_text;
};

/// A finding as the verifier words it, FORMAT.md; those about a leaf have their place in the list of entries. The line is matched
/// to its end, so that no name of a file passes for one.
LogFinding findingOf(const std::string& line)
{
    static const std::regex kLeaf{"data/log/tile/entries/[x0-9/.p]+: leaf ([0-9]{1,18}): not (the|an) entry .*"
                                  "|data/rows/(attempts|decisions)\\.csv: row [0-9]+: not what leaf ([0-9]{1,18}) says"
                                  "|data/rows/(attempts|decisions)\\.csv: leaf ([0-9]{1,18}): has no row"};
    LogFinding finding{Mismatch::FileAltered, 0, 0, line};
    constexpr std::size_t kLongest = 300; // longer ones name no tile, and the expression's depth is that of the line
    std::smatch found;
    if (line.size() > kLongest || !std::regex_match(line, found, kLeaf))
        return finding;
    finding.mismatch = found[1].matched   ? (found[2] == "the" ? Mismatch::EntryAltered : Mismatch::NotAnEntry)
                       : found[4].matched ? Mismatch::CopyDiffers
                                          : Mismatch::CopyGone;
    finding.first = finding.last = std::stoull(found[1].matched ? found[1] : found[4].matched ? found[4] : found[6]);
    return finding;
}

std::uint64_t numberAfter(const std::string& text, const std::string& word)
{
    const auto at = text.find('\n' + word + ' ');
    return at == std::string::npos ? 0 : std::strtoull(text.c_str() + at + word.size() + 2, nullptr, 10);
}

/// What the stand-alone verifier says of the whole pack, as a verification of the log. The order matters only for what is said of
/// the newest checkpoint: whether the pack is good says the verifier.
Result<jobs::VerifyReport> verifyPack(const PackToOpen& toOpen, const packed::OpenPack& pack, LastVerdict& last,
                                      ports::LogSource& source, const Result<jobs::VerifyOrder>& order,
                                      const domain::KeepGoing& keepGoing)
{
    last.set({});
    const auto checkpoints =
        order ? jobs::verifyCheckpoints(source, *order) : Result<jobs::VerifyReport>{domain::failureOf(order)};
    jobs::VerifyReport report = checkpoints.value_or(jobs::VerifyReport{});
    report.findings.clear();
    const auto [isGood, text] = verify::verifyPack(pack.folder.path(), {toOpen.exporter, toOpen.logKey}, keepGoing);
    last.set(text);
    const auto count = text.find("\nfindings ");
    for (auto at = text.find('\n', count + 1) + 1; count != std::string::npos && at < text.size();) {
        const auto end = text.find('\n', at);
        const std::string line = text.substr(at, end - at);
        if (line != "verified" && line != "NOT verified")
            report.findings.push_back(findingOf(line));
        at = end == std::string::npos ? text.size() : end + 1;
    }
    report.findingCount = isGood ? 0 : std::max<std::uint64_t>(numberAfter(text, "findings"), 1);
    if (isGood && !packed::isAsListed(pack)) {
        report.findings.push_back({Mismatch::FileAltered, 0, 0, "the pack was changed since it was opened: open it again"});
        report.findingCount = 1;
    }
    report.checkpoints = numberAfter(text, "checkpoints") + (report.newest ? 1 : 0);
    report.from = 0;
    report.to = report.verified = numberAfter(text, "entries");
    return report;
}

Result<jobs::VerifyReport> verifyPackGuarded(const PackToOpen& toOpen, const packed::OpenPack& pack, LastVerdict& last,
                                             ports::LogSource& source, const Result<jobs::VerifyOrder>& order,
                                             const domain::KeepGoing& keepGoing)
try {
    return verifyPack(toOpen, pack, last, source, order, keepGoing);
} catch (const verify::Stopped&) {
    return domain::failure(domain::Fault::Cancelled, "the verification was stopped", "Verify all begins it anew");
} catch (const std::invalid_argument& wrong) {
    return domain::failure(domain::Fault::Invalid, wrong.what(), "Give --exporter and --key the keys that the site gave out");
} catch (const std::system_error& lost) {
    return domain::failure(domain::Fault::Unavailable, fmt::format("the pack cannot be read: {}", lost.what()),
                           "Check the disk, and open it again");
}

QString tr(const char* text)
{
    return QCoreApplication::translate("PackNote", text);
}

shell::PackNote noteOf(const PackToOpen& toOpen, const packed::OpenPack& pack, const std::shared_ptr<LastVerdict>& last)
{
    const packed::PackDescription& description = pack.folder.description();
    const QString period = QString::fromStdString(report::periodText(description.period));
    QString about = tr("%1, %2, as of %3 UTC")
                        .arg(tables::shown(description.site.empty() ? description.origin : description.site),
                             description.period.isAll() ? tr("all votes") : period, tables::dateTimeText(description.signedAt));
    if (description.isChosen)
        about += tr("; only what matches %1").arg(tables::shown(description.filter));
    about += description.hasPseudonyms ? tr("; people have made-up names.") : QStringLiteral(".");
    QStringList remarks;
    for (const std::string& remark : pack.remarks)
        remarks << tables::shown(remark);
    return {about, remarks, toOpen.exporter && toOpen.logKey, [last] { return QString::fromStdString(last->text()); }};
}

} // namespace

SessionPorts portsOf(const PackToOpen& toOpen, const std::shared_ptr<const packed::OpenPack>& pack)
{
    const auto last = std::make_shared<LastVerdict>();
    SessionPorts all;
    all.source = packed::sourceOf(pack->folder.description(), toOpen.path);
    all.flags = std::make_unique<packed::PackedFlagSource>(pack);
    all.votes = std::make_unique<packed::PackedVoteSource>(pack);
    all.voids = std::make_unique<packed::PackedVoidSource>(pack);
    all.audit = std::make_unique<packed::PackedAuditSource>(pack);
    all.leaderboard = std::make_unique<packed::PackedLeaderboardSource>(pack);
    all.scan = std::make_unique<packed::NoScanSource>();
    all.counted = std::make_unique<packed::NoScanSource>();
    all.feed = std::make_unique<packed::NoChangeFeed>();
    all.report = std::make_unique<packed::PackedReportSource>(pack);
    all.controls = std::make_unique<packed::PackedControlSource>(pack, store::allControls());
    all.log = std::make_unique<packed::PackedLogSource>(pack);
    all.verifying = std::make_unique<packed::PackedLogSource>(pack);
    all.moderation = std::make_unique<packed::NoModeration>();
    // What was seen of the log elsewhere a pack cannot be held against: it proves the sizes that it has checkpoints for.
    all.memory = {
        [] { return Result<std::optional<audit::KnownLog>>{std::nullopt}; },
        [named = jobs::NamedKeys{toOpen.logKey.value_or(""), toOpen.witnessKeys}] { return Result<jobs::NamedKeys>{named}; },
        [](const audit::KnownLog&) { return domain::Status{domain::Nothing{}}; }};
    all.verifier = [toOpen, pack, last](ports::LogSource& source, const Result<jobs::VerifyOrder>& order,
                                        const domain::KeepGoing& keepGoing) {
        return verifyPackGuarded(toOpen, *pack, *last, source, order, keepGoing);
    };
    all.pack = noteOf(toOpen, *pack, last);
    return all;
}

} // namespace scr::compose
