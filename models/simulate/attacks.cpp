#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "simulate/campaign_maker.h"

namespace scr::simulate {

namespace {

constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kAlive = 12 * kHour; ///< posts so young are what attackers push
constexpr std::int64_t kListed = 5 * kDay;  ///< and so young what one finds by scrolling

using Tokens = std::vector<std::uint32_t>;

/// One attacker: what all families have at hand.
class Attack {
public:
    Attack(CampaignMaker& maker, Random& random, Family family) : m_maker{maker}, m_random{random}, m_family{family} {}

    void raceDuplicates();
    void tokenBurst();
    void slowDrip();
    void groups(std::int64_t fewest, std::int64_t most, std::int64_t fewestPosts, std::int64_t mostPosts);
    void voteRing();
    void subnetSocks();
    void metronome();
    void serialVoter();
    void brigade();
    void adaptiveEvader();
    void timetable();
    void fanOut();
    void slowBlock();
    void tokenHopping();

private:
    void begin(OriginKind origin = OriginKind::OfToken, std::uint32_t network = 0)
    {
        m_maker.begin(nameOf(m_family), true, origin, network);
    }
    [[nodiscard]] std::uint32_t anyToken(std::int64_t at)
    {
        return m_random.chance(0.5) ? m_maker.newToken(at - m_random.between(kHour, 3 * kDay)) : m_maker.oldToken(m_random, 5);
    }
    [[nodiscard]] std::vector<std::int64_t> arrivals(std::int64_t from, std::int64_t length, std::size_t count,
                                                     std::uint32_t post);
    void camouflage(const Tokens& tokens, std::uint32_t votesEach);

    CampaignMaker& m_maker;
    Random& m_random;
    Family m_family;
};

void Attack::raceDuplicates()
{
    begin();
    const std::int64_t at = m_maker.start(m_random, kMinute);
    const std::uint32_t token = anyToken(at);
    std::uint32_t post = m_maker.post(m_random, at, kAlive, 3);
    for (int tries = 0; tries < 20 && m_maker.has(token, post); ++tries)
        post = m_maker.post(m_random, at, kListed, 1);
    const std::int64_t attempts = m_random.between(4, 53);
    const std::int64_t spread = m_random.between(5, 80);
    const bool vulnerable = m_random.chance(0.4);
    const bool up = m_random.chance(0.9);
    std::vector<std::int64_t> times;
    for (std::int64_t i = 0; i < attempts; ++i)
        times.push_back(at + m_random.between(0, spread));
    std::sort(times.begin(), times.end());
    // the vote that is cast first is one that anybody may cast
    if (!m_maker.vote(times.front(), token, post, up, Label::Companion))
        return;
    for (const std::int64_t when : std::span{times}.subspan(1)) {
        if (vulnerable && m_random.chance(0.5)) {
            m_maker.voteAgain(when, token, post, up, Label::Attack);
        } else {
            m_maker.refuse(when, m_random.between(5, 60), token, post, up);
        }
    }
}

void Attack::tokenBurst()
{
    begin();
    const std::int64_t votes = m_random.between(40, 150);
    std::int64_t at = m_maker.start(m_random, 10 * kMinute);
    const std::uint32_t token = anyToken(at);
    for (std::int64_t i = 0; i < votes; ++i) {
        for (int tries = 0; tries < 20; ++tries) {
            if (m_maker.vote(at, token, m_maker.post(m_random, at, kListed, 1), !m_random.chance(0.2), Label::Attack))
                break;
        }
        at += std::max<std::int64_t>(20, static_cast<std::int64_t>(m_random.lognormal(600, 0.4)));
    }
}

/// When the bots of a drip vote: evenly, by the site's day, or as the post's own voters do.
std::vector<std::int64_t> Attack::arrivals(std::int64_t from, std::int64_t length, std::size_t count, std::uint32_t post)
{
    std::vector<std::int64_t> times;
    if (m_family == Family::SlowDripNatural) {
        std::vector<std::int64_t> own;
        const SitePlan& plan = m_maker.plan();
        for (std::size_t vote = 0; vote < m_maker.plan().markOf.size(); ++vote) {
            if ((plan.what[vote] >> 1U) == post && plan.timeOf(vote) >= from && plan.timeOf(vote) < from + length)
                own.push_back(plan.timeOf(vote));
        }
        while (!own.empty() && times.size() < count)
            times.push_back(own[m_random.below(own.size())] + m_random.between(-10 * kMinute, 10 * kMinute));
        return times;
    }
    const SessionMaker day{m_maker.plan().options};
    while (times.size() < count)
        times.push_back(m_family == Family::SlowDripDiurnal ? day.momentIn(m_random, from, from + length)
                                                            : from + m_random.between(0, length));
    return times;
}

void Attack::slowDrip()
{
    begin(OriginKind::Residential);
    const auto count = static_cast<std::size_t>(m_random.between(150, 400));
    const std::int64_t length = m_random.between(6 * kHour, 24 * kHour);
    const std::int64_t at = m_maker.start(m_random, length);
    const std::uint32_t post = m_maker.post(m_random, at, 6 * kHour, 6);
    const double down = m_random.real(0, 0.14);
    for (const std::int64_t when : arrivals(at, length, count, post)) {
        const std::uint32_t token = m_maker.newToken(when - m_random.between(kMinute, 20 * kDay));
        m_maker.vote(when, token, post, !m_random.chance(down), Label::Attack);
    }
}

/// Votes among the others that make an attacker's token look like anybody's.
void Attack::camouflage(const Tokens& tokens, std::uint32_t votesEach)
{
    const SessionMaker day{m_maker.plan().options};
    for (const std::uint32_t token : tokens) {
        for (std::uint32_t left = votesEach * static_cast<std::uint32_t>(m_random.between(1, 4)); left > 0;) {
            std::int64_t at = day.momentIn(m_random, 0, m_maker.plan().end());
            for (auto session = static_cast<std::uint32_t>(std::min<std::uint64_t>(left, m_random.geometric(4.5))); session > 0;
                 --session, --left) {
                const std::uint32_t post = m_maker.post(m_random, at, kAlive, 3);
                m_maker.vote(at, token, post, m_maker.likes(m_random, post), Label::Companion);
                at += std::max<std::int64_t>(300, static_cast<std::int64_t>(m_random.lognormal(9000, 1)));
            }
        }
    }
}

void Attack::groups(std::int64_t fewest, std::int64_t most, std::int64_t fewestPosts, std::int64_t mostPosts)
{
    begin();
    const bool hides = m_family != Family::Lockstep;
    const double takesPart = hides ? 0.7 : 0.8;
    const std::int64_t count = m_random.between(fewest, most);
    const std::int64_t posts = m_random.between(fewestPosts, mostPosts);
    const std::int64_t days = m_random.between(kDay, std::max(kDay, m_maker.plan().end() - kHour));
    const std::int64_t from = m_maker.start(m_random, days);
    Tokens tokens;
    for (std::int64_t i = 0; i < count; ++i)
        tokens.push_back(m_family == Family::HijackedAccounts ? m_maker.oldToken(m_random, 20)
                                                              : m_maker.newToken(from - m_random.between(kHour, 10 * kDay)));
    std::sort(tokens.begin(), tokens.end());
    tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
    for (std::int64_t i = 0; i < posts; ++i) {
        const std::int64_t at = from + m_random.between(0, days - kHour);
        const std::int64_t spread =
            hides ? m_random.between(kMinute, 10 * kMinute) : m_random.between(30 * kSecond, 300 * kSecond);
        const std::uint32_t post = m_maker.post(m_random, at, kAlive, 2);
        const bool up = m_random.chance(0.85);
        for (const std::uint32_t token : tokens) {
            if (m_random.chance(takesPart))
                m_maker.vote(at + m_random.between(0, spread), token, post, up, Label::Attack);
        }
    }
    if (m_family == Family::Camouflage)
        camouflage(tokens, static_cast<std::uint32_t>(static_cast<double>(posts) * takesPart));
}

void Attack::voteRing()
{
    begin();
    const std::int64_t members = m_random.between(4, 12);
    Tokens tokens;
    for (std::int64_t i = 0; i < members; ++i)
        tokens.push_back(m_maker.oldToken(m_random, 3));
    std::sort(tokens.begin(), tokens.end());
    tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
    for (const std::uint32_t author : tokens) {
        for (std::int64_t left = m_random.between(3, 8); left > 0; --left) {
            const std::int64_t born = m_maker.start(m_random, 8 * kHour);
            std::uint32_t post = m_maker.post(m_random, born, kAlive, 1);
            for (int tries = 0; tries < 20 && !m_maker.give(post, author); ++tries)
                post = m_maker.post(m_random, born, kAlive, 1);
            const PlannedPost& planned = m_maker.plan().posts[post];
            if (planned.author != author)
                continue;
            for (const std::uint32_t voter : tokens) {
                const auto delay = static_cast<std::int64_t>(m_random.exponentialOf(1.5 * kHour));
                if (voter != author && m_random.chance(0.9))
                    m_maker.vote(std::max<std::int64_t>(planned.bornAt, 0) + delay, voter, post, true, Label::Attack);
            }
        }
    }
}

void Attack::subnetSocks()
{
    const bool six = m_random.chance(0.3);
    begin(six ? OriginKind::SubnetSix : OriginKind::Subnet, static_cast<std::uint32_t>(m_random.below(1U << 16U)));
    const std::int64_t count = m_random.between(15, 60);
    const std::int64_t at = m_maker.start(m_random, 2 * kHour);
    std::vector<std::uint32_t> posts;
    for (std::int64_t left = m_random.between(1, 4); left > 0; --left)
        posts.push_back(m_maker.post(m_random, at, kAlive, 2));
    for (std::int64_t i = 0; i < count; ++i) {
        const std::uint32_t token = m_maker.newToken(at - m_random.between(kHour, 30 * kDay));
        for (const std::uint32_t post : posts)
            m_maker.vote(at + m_random.between(0, 2 * kHour), token, post, !m_random.chance(0.05), Label::Attack);
    }
}

void Attack::metronome()
{
    begin();
    const std::int64_t votes = m_random.between(150, 500);
    const double period = m_random.real(20, 120) * kSecond;
    const double jitter = m_random.real(0.005, 0.035);
    std::int64_t at = m_maker.start(m_random, static_cast<std::int64_t>(period) * votes);
    const std::uint32_t token = anyToken(at);
    for (std::int64_t i = 0; i < votes; ++i) {
        for (int tries = 0; tries < 20; ++tries) {
            if (m_maker.vote(at, token, m_maker.post(m_random, at, kListed, 1), !m_random.chance(0.1), Label::Attack))
                break;
        }
        at += static_cast<std::int64_t>(period * (1 + jitter * m_random.normal()));
    }
}

void Attack::serialVoter()
{
    begin();
    const auto wanted = static_cast<std::size_t>(m_random.between(6, 30));
    std::int64_t at = m_maker.start(m_random, kHour);
    const std::uint32_t token = anyToken(at);
    const bool up = m_random.chance(0.5);
    std::vector<std::uint32_t> posts;
    for (int tries = 0; tries < 200 && posts.size() < wanted; ++tries) {
        const std::uint32_t author = m_maker.plan().posts[m_maker.post(m_random, at, kListed, 1)].author;
        std::vector<std::uint32_t> theirs;
        for (std::uint32_t post = 0; post < m_maker.plan().posts.size(); ++post) {
            const PlannedPost& planned = m_maker.plan().posts[post];
            if (planned.author == author && author != token && planned.bornAt <= at)
                theirs.push_back(post);
        }
        if (theirs.size() > posts.size())
            posts = std::move(theirs);
    }
    if (posts.size() > wanted)
        posts.erase(posts.begin(), posts.end() - static_cast<std::ptrdiff_t>(wanted));
    for (const std::uint32_t post : posts) {
        m_maker.vote(at, token, post, up, Label::Attack);
        at += std::max<std::int64_t>(1500, static_cast<std::int64_t>(m_random.lognormal(11'000, 0.3)));
    }
}

void Attack::brigade()
{
    begin();
    const std::int64_t at = m_maker.start(m_random, kHour);
    const std::uint32_t post = m_maker.post(m_random, at, kAlive, 2);
    const bool up = m_random.chance(0.5);
    for (std::int64_t left = m_random.between(40, 150); left > 0; --left)
        m_maker.vote(at + m_random.between(0, 15 * kMinute), m_maker.oldToken(m_random, 3), post, up == m_random.chance(0.95),
                     Label::Ambiguous);
}

/// Keeps below every threshold: people's pauses, no pair together more than twice, no two in a network, old tokens, some down.
void Attack::adaptiveEvader()
{
    begin(OriginKind::Residential);
    constexpr std::int64_t kTokens = 26; // 10 % below the suspects that a composition verdict needs
    constexpr int kTargets = 4;
    const SessionMaker day{m_maker.plan().options};
    const std::int64_t from = m_maker.start(m_random, 3 * kDay);
    Tokens tokens;
    for (std::int64_t i = 0; i < kTokens; ++i)
        tokens.push_back(m_maker.newToken(from - m_random.between(10 * kDay, 100 * kDay)));
    camouflage(tokens, 5);
    for (int target = 0; target < kTargets; ++target) {
        const std::int64_t at = from + m_random.between(0, 2 * kDay);
        const std::uint32_t post = m_maker.post(m_random, at, 6 * kHour, 4);
        for (const std::uint32_t token : tokens) {
            if (m_random.chance(0.6))
                m_maker.vote(day.momentIn(m_random, at, at + 10 * kHour), token, post, !m_random.chance(0.1), Label::Attack);
        }
    }
}

/// Wakes at one moment of the hour and casts a few votes at a person's pace.
void Attack::timetable()
{
    begin();
    const std::int64_t every = kHour * m_random.between(1, 4);
    const std::int64_t runs = m_random.between(12, 40);
    const std::int64_t into = m_random.between(0, kHour - 1);
    std::int64_t at = m_maker.start(m_random, every * runs);
    const std::uint32_t token = anyToken(at);
    const std::int64_t full = at - (at % kHour + kHour) % kHour;
    for (std::int64_t run = 0; run < runs; ++run) {
        at = full + run * every + into + m_random.between(0, 3 * kSecond);
        for (std::int64_t left = m_random.between(1, 4); left > 0; --left) {
            m_maker.vote(at, token, m_maker.post(m_random, at, kListed, 1), !m_random.chance(0.1), Label::Attack);
            at += static_cast<std::int64_t>(m_random.lognormal(9'000, 0.6));
        }
    }
}

void Attack::fanOut()
{
    begin();
    const std::int64_t at = m_maker.start(m_random, kMinute);
    const std::uint32_t token = anyToken(at);
    const std::int64_t spread = m_random.between(5, 80);
    const bool up = m_random.chance(0.7);
    for (std::int64_t left = m_random.between(8, 24); left > 0; --left)
        m_maker.vote(at + m_random.between(0, spread), token, m_maker.post(m_random, at, kListed, 1), up, Label::Attack);
}

/// New tokens that push the same posts within a day or two, each at an hour of its own; some of them hide among other votes.
void Attack::slowBlock()
{
    begin(OriginKind::Residential);
    const std::int64_t count = m_random.between(12, 40);
    const std::int64_t length = m_random.between(kDay, 2 * kDay);
    const std::int64_t from = m_maker.start(m_random, length);
    Tokens tokens;
    for (std::int64_t i = 0; i < count; ++i)
        tokens.push_back(m_maker.newToken(from - m_random.between(kHour, 10 * kDay)));
    const std::int64_t posts = m_random.between(10, 20);
    for (std::int64_t i = 0; i < posts; ++i) {
        const std::int64_t spread = m_random.between(2 * kHour, 6 * kHour);
        const std::int64_t at = from + m_random.between(0, length - spread);
        const std::uint32_t post = m_maker.post(m_random, at, kAlive, 2);
        for (const std::uint32_t token : tokens) {
            if (m_random.chance(0.8))
                m_maker.vote(at + m_random.between(0, spread), token, post, !m_random.chance(0.1), Label::Attack);
        }
    }
    if (m_random.chance(0.5))
        camouflage(tokens, static_cast<std::uint32_t>(posts / 4));
}

/// Two or three tokens of one person at home: what it likes it votes on with each of them, in a few sittings. One vote a post is
/// its due.
void Attack::tokenHopping()
{
    begin(OriginKind::OneAddress, static_cast<std::uint32_t>(m_random.below(1U << 30U)));
    const std::int64_t length = 3 * kDay;
    const std::int64_t from = m_maker.start(m_random, length);
    Tokens tokens;
    for (std::int64_t left = m_random.between(2, 3); left > 0; --left)
        tokens.push_back(m_maker.newToken(from - m_random.between(kHour, 10 * kDay)));
    for (std::int64_t sittings = m_random.between(2, 4); sittings > 0; --sittings) {
        std::int64_t at = from + m_random.between(0, length - kHour);
        for (std::int64_t posts = m_random.between(5, 12); posts > 0; --posts) {
            const std::uint32_t post = m_maker.post(m_random, at, kAlive, 2);
            const bool up = m_random.chance(0.85);
            Label label = Label::Companion;
            for (const std::uint32_t token : tokens) {
                if (m_maker.vote(at, token, post, up, label))
                    label = Label::Attack;
                at += m_random.between(5'000, 45'000);
            }
        }
    }
}

} // namespace

void addAttack(Family family, std::uint64_t number, const Scenario& scenario, CampaignMaker& maker)
{
    Random random{scenario.site.seed, Purpose::Campaign, static_cast<std::uint64_t>(family) << 32U | number};
    Attack attack{maker, random, family};
    switch (family) {
    case Family::RaceDuplicates: return attack.raceDuplicates();
    case Family::TokenBurst: return attack.tokenBurst();
    case Family::SlowDrip:
    case Family::SlowDripDiurnal:
    case Family::SlowDripNatural: return attack.slowDrip();
    case Family::Lockstep: return attack.groups(8, 40, 6, 20);
    case Family::VoteRing: return attack.voteRing();
    case Family::SubnetSocks: return attack.subnetSocks();
    case Family::Camouflage: return attack.groups(8, 40, 6, 20);
    case Family::Metronome: return attack.metronome();
    case Family::SerialVoter: return attack.serialVoter();
    case Family::HijackedAccounts: return attack.groups(10, 50, 5, 12);
    case Family::Brigade: return attack.brigade();
    case Family::AdaptiveEvader: return attack.adaptiveEvader();
    case Family::Timetable: return attack.timetable();
    case Family::FanOut: return attack.fanOut();
    case Family::SlowBlock: return attack.slowBlock();
    case Family::TokenHopping: return attack.tokenHopping();
    }
}

} // namespace scr::simulate
