#include <tuple>
#include <unordered_set>

#include <fmt/format.h>

#include "detect/attempt_storms.h"
#include "detect/repeated_pairs.h"
#include "detect/token_rows.h"
#include "detect/waterfall.h"
#include "detect/words.h"

namespace scr::detect {

namespace {

using domain::AttemptOutcome;
using domain::Flag;
using domain::Index;
using domain::Severity;
using domain::VoteKey;

using Rows = std::span<const std::uint32_t>;

/// A storm with the votes it left.
struct Race {
    Storm storm;
    std::vector<VoteKey> votes; ///< counted now, in the order they were cast
    std::vector<VoteKey> extra; ///< of these the ones beyond the token's first on the post
    Severity severity{};
    double score{};

    [[nodiscard]] auto order() const noexcept { return std::tuple{storm.token, storm.post, storm.begin}; }
};

class ConcurrentAttempts {
public:
    ConcurrentAttempts(const Scene& scene, const std::vector<std::uint32_t>& rows) :
        m_scene{scene}, m_attempts{scene.input.attempts}, m_votes{scene.input.votes}, m_rule{scene.rules.concurrentAttempts},
        m_rows{rows}
    {
    }

    /// `ofToken`: rows of the token's counted votes in the order of time.
    [[nodiscard]] Race judged(const Storm& storm, Rows ofToken) const
    {
        Race race;
        race.storm = storm;
        addVotes(ofToken, race);
        const std::size_t attempts = storm.end - storm.begin;
        race.score = static_cast<double>(attempts) + 1000.0 * static_cast<double>(race.extra.size());
        if (storm.accepted >= m_rule.acceptedVotes)
            race.severity = race.extra.empty() ? Severity::Medium : Severity::Critical;
        else
            race.severity = attempts >= m_rule.manyAttempts ? Severity::Medium : Severity::Low;
        return race;
    }

    [[nodiscard]] Flag flagOf(const Race& race) const
    {
        const Rows rows = rowsOf(race);
        Flag flag;
        flag.detector = domain::DetectorId::ConcurrentAttempts;
        flag.ruleVersion = m_scene.rules.version;
        flag.subject = {domain::SubjectKind::Token, m_votes.tokens.key(race.storm.token),
                        domain::PostKey{m_votes.posts.key(race.storm.post)}};
        flag.from = domain::timeOf(m_attempts.attemptedAt[rows.front()]);
        flag.to = domain::timeOf(lastMoment(rows));
        flag.key = domain::flagKeyOf(flag.detector, flag.subject, flag.from);
        flag.score = race.score;
        flag.severity = race.severity;
        flag.votes = race.votes;
        flag.extraVotes = race.extra;
        flag.tokens.emplace_back(flag.subject.key);
        flag.posts.push_back(flag.subject.post);
        flag.rule = parametersOf(m_rule);
        describe(race, flag);
        addCounterEvidence(race, flag);
        flag.evidence = waterfallOfAttempts(m_attempts, rows, race.extra);
        return flag;
    }

private:
    [[nodiscard]] Rows rowsOf(const Race& race) const
    {
        return Rows{m_rows}.subspan(race.storm.begin, race.storm.end - race.storm.begin);
    }

    [[nodiscard]] std::int64_t lastMoment(Rows rows) const
    {
        std::int64_t last = std::numeric_limits<std::int64_t>::min();
        for (const std::uint32_t row : rows)
            last = std::max({last, m_attempts.finishedAt[row], m_attempts.attemptedAt[row]});
        return last;
    }

    /// The counted votes the storm stored: those its accepted attempts name, or where the log names none, those cast meanwhile.
    void addVotes(Rows ofToken, Race& race) const
    {
        std::unordered_set<std::string> named;
        const Rows rows = rowsOf(race);
        for (const std::uint32_t row : rows) {
            if (m_attempts.outcome[row] == AttemptOutcome::Accepted && row < m_attempts.votes.size())
                named.insert(m_attempts.votes.at(row));
        }
        named.erase(std::string{});
        const std::int64_t from = m_attempts.attemptedAt[rows.front()];
        const std::int64_t to = lastMoment(rows) + m_rule.window.count();
        bool first = true;
        for (const std::uint32_t row : ofToken) {
            if (m_votes.post[row] != race.storm.post)
                continue;
            VoteKey key{m_votes.voteKeys.at(row)};
            const bool inStorm = named.empty()
                                     ? race.storm.accepted > 0 && m_votes.castAt[row] >= from && m_votes.castAt[row] <= to
                                     : named.contains(key.text);
            if (inStorm) {
                if (!first)
                    race.extra.push_back(key);
                race.votes.push_back(std::move(key));
            }
            first = false;
        }
    }

    /// How many accepted attempts had begun before the first of them was answered: they all saw no vote.
    [[nodiscard]] std::string interleaving(Rows rows) const
    {
        std::int64_t answered = std::numeric_limits<std::int64_t>::max();
        for (const std::uint32_t row : rows) {
            if (m_attempts.outcome[row] == AttemptOutcome::Accepted && m_attempts.finishedAt[row] > m_attempts.attemptedAt[row])
                answered = std::min(answered, m_attempts.finishedAt[row]);
        }
        const auto early = std::count_if(rows.begin(), rows.end(), [&](std::uint32_t row) {
            return m_attempts.outcome[row] == AttemptOutcome::Accepted && m_attempts.attemptedAt[row] < answered;
        });
        if (answered == std::numeric_limits<std::int64_t>::max() || early < 2)
            return {};
        const auto accepted = std::count_if(
            rows.begin(), rows.end(), [&](std::uint32_t row) { return m_attempts.outcome[row] == AttemptOutcome::Accepted; });
        const std::string who = early == accepted
                                    ? fmt::format("All {} accepted ones", countText(static_cast<std::uint64_t>(early)))
                                    : fmt::format("{} of the accepted ones", countText(static_cast<std::uint64_t>(early)));
        return fmt::format(" {} had begun before the first was answered, {} into the storm: each of them saw no vote.", who,
                           domain::durationText(domain::Micros{answered - m_attempts.attemptedAt[rows.front()]}));
    }

    void describe(const Race& race, Flag& flag) const
    {
        const Rows rows = rowsOf(race);
        const std::string span = domain::durationText(domain::timeOf(m_attempts.attemptedAt[rows.back()]) - flag.from);
        const std::string storm = fmt::format("{} attempts of one token on one post within {}, {} accepted",
                                              countText(rows.size()), span, countText(race.storm.accepted));
        const std::string depth = race.storm.depth >= 2
                                      ? fmt::format(" Up to {} were under way at one moment.", countText(race.storm.depth))
                                      : std::string{};
        const std::string refused = refusalText(m_attempts, rows);
        const std::string rest = refused.empty() ? std::string{} : fmt::format(" Refused: {}.", refused);
        flag.summary =
            fmt::format("{} of {} attempts accepted in {}", countText(race.storm.accepted), countText(rows.size()), span);
        if (race.storm.accepted < m_rule.acceptedVotes) {
            flag.headline = "A race for votes was blocked";
            flag.explanation = fmt::format(
                "{}: the site held, no vote too many was stored.{}{} A person sends one request, or two by a double click.",
                storm, depth, rest);
            flag.clearsIf = "Clears if the client is known to send requests again by itself.";
            return;
        }
        flag.clearsIf = "Clears if the accepted attempts are one vote that the log holds several times.";
        if (race.extra.empty()) {
            flag.headline = "A race got through, its votes are no longer counted";
            flag.explanation =
                fmt::format("{}: {} too many got through, and none of them is counted now.{}{}{} The way they took is open until "
                            "a unique key on "
                            "token and post closes it.",
                            storm, countOf(race.storm.accepted - 1, "vote", "votes"), depth, interleaving(rows), rest);
            return;
        }
        flag.headline =
            fmt::format("One token raced {} past the vote check", countOf(race.extra.size(), "extra vote", "extra votes"));
        flag.explanation =
            fmt::format("{}: {} got through and {} counted.{}{}{} A unique key on token and post would have stopped {}.", storm,
                        countOf(race.extra.size(), "extra vote", "extra votes"), race.extra.size() == 1 ? "is" : "are", depth,
                        interleaving(rows), rest, race.extra.size() == 1 ? "it" : "them");
    }

    void addCounterEvidence(const Race& race, Flag& flag) const
    {
        const Rows rows = rowsOf(race);
        auto& against = flag.counterEvidence;
        if (auto origins = originSentence(m_attempts, rows); !origins.empty())
            against.push_back(std::move(origins));
        if (auto requests = requestSentence(m_attempts, rows); !requests.empty())
            against.push_back(std::move(requests));
        std::int64_t longest = 0;
        for (const std::uint32_t row : rows)
            longest = std::max(longest, m_attempts.finishedAt[row] - m_attempts.attemptedAt[row]);
        if (longest >= 1'000'000)
            against.push_back(fmt::format("One attempt took {}: with a slow server the retries of a patient client overlap.",
                                          domain::durationText(domain::Micros{longest})));
        if (m_scene.attemptGrain > m_rule.window.count())
            against.push_back(
                fmt::format("Times of this log are exact to {} only: what looks simultaneous may be that far apart.",
                            domain::durationText(domain::Micros{m_scene.attemptGrain})));
        if (race.storm.accepted == 0)
            against.emplace_back("Not one attempt was accepted: whoever it was gained nothing.");
        if (race.storm.accepted == 1)
            against.emplace_back("Exactly one attempt was accepted, as if it had been sent once.");
        if (rows.size() <= 3)
            against.push_back(
                fmt::format("{} attempts are few: a double click that the browser repeats does that.", countText(rows.size())));
        if (against.empty())
            against.emplace_back("The log shows neither addresses nor long answers: nothing in it speaks for an accident.");
    }

    const Scene& m_scene;
    const domain::AttemptColumns& m_attempts;
    const domain::VoteColumns& m_votes;
    const ConcurrentAttemptsRule& m_rule;
    const std::vector<std::uint32_t>& m_rows;
};

} // namespace

std::optional<Findings> findConcurrentAttempts(const Scene& scene, Progress& progress)
{
    const domain::AttemptColumns& log = scene.input.attempts;
    const auto rows = repeatedPairs(log.token, log.post, log.attemptedAt, progress);
    return rows ? findConcurrentAttempts(scene, *rows, progress) : std::nullopt;
}

std::optional<Findings> findConcurrentAttempts(const Scene& scene, const std::vector<std::uint32_t>& rows, Progress& progress)
{
    const domain::VoteColumns& votes = scene.input.votes;
    const std::vector<Storm> storms = stormsOf(scene, rows);
    const std::vector<Index> tokens = distinctOf(storms, [](const Storm& storm) { return storm.token; });
    const RowGroups cast = rowsByValue(votes.token, votes.castAt, tokens, votes.tokens.size());
    const ConcurrentAttempts detector{scene, rows};
    std::vector<Race> races;
    for (const Storm& storm : storms) {
        races.push_back(detector.judged(storm, cast.group(placeOf(tokens, storm.token))));
        if (races.size() % 4096 == 0 && !progress.advance(0))
            return std::nullopt;
    }
    Findings findings;
    findings.leftOut = keepWorst(races, scene.rules.flagsPerDetector);
    for (const Race& race : races) {
        findings.flags.push_back(detector.flagOf(race));
        if (findings.flags.size() % 1024 == 0 && !progress.advance(0))
            return std::nullopt;
    }
    return findings;
}

} // namespace scr::detect
