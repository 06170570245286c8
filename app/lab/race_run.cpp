#include "lab/race_run.h"

#include <algorithm>
#include <barrier>
#include <chrono>
#include <mutex>
#include <optional>
#include <random>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

namespace scr::lab {

namespace {

using domain::failureOf;
using domain::Result;
using domain::Status;
using race::Action;
using race::Call;
using race::Pattern;
using Clock = std::chrono::steady_clock;

constexpr int kMostTries = 50;
constexpr const char* kApplication = "scrutineer race";

std::int64_t now()
{
    return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now().time_since_epoch()).count();
}

/// A network of its own for each call, so that no limit but the token's is met.
std::string originOf(std::uint32_t round, std::uint32_t connection, std::size_t call)
{
    return fmt::format("fd{:02x}:{:x}:{:x}:{:x}::1", (round >> 16U) & 0xffU, round & 0xffffU, connection, call & 0xffffU);
}

/// A descriptor of our own for a connection's socket: libpq closes its own whenever it likes.
class Socket {
public:
    Socket() = default;
    explicit Socket(int descriptor) : m_descriptor{::dup(descriptor)} {}
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    Socket(Socket&& other) noexcept : m_descriptor{std::exchange(other.m_descriptor, -1)} {}
    Socket& operator=(Socket&& other) noexcept
    {
        std::swap(m_descriptor, other.m_descriptor);
        return *this;
    }
    ~Socket()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    [[nodiscard]] int get() const noexcept { return m_descriptor; }

private:
    int m_descriptor = -1;
};

/// What is needed to break a racer's connection without touching it.
struct Victim {
    Socket socket;
    int backend = 0;
};

/// The other side of the storm: what breaks connections while votes are on their way.
class Saboteur {
public:
    Saboteur(PgLink link, std::vector<Victim>& victims, std::mutex& guard) :
        m_link{std::move(link)}, m_victims{victims}, m_guard{guard}, m_thread{[this](const std::stop_token& stop) { work(stop); }}
    {
    }

private:
    void work(const std::stop_token& stop)
    {
        std::mt19937 dice{4711};
        while (!stop.stop_requested()) {
            std::this_thread::sleep_for(std::chrono::milliseconds{2 + dice() % 8});
            int backend = 0;
            {
                const std::lock_guard lock{m_guard};
                const Victim& victim = m_victims[dice() % m_victims.size()];
                if (dice() % 2 == 0)
                    static_cast<void>(::shutdown(victim.socket.get(), SHUT_RDWR));
                else
                    backend = victim.backend;
            }
            if (backend != 0)
                static_cast<void>(m_link.value(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1::integer AND application_name = $2",
                    {std::to_string(backend), kApplication}));
        }
    }

    PgLink m_link;
    std::vector<Victim>& m_victims;
    std::mutex& m_guard;
    std::jthread m_thread;
};

/// One connection and what it is to do; its calls are its own until the threads are joined.
class Racer {
public:
    Racer(const domain::ConnectionTarget& site, const RaceTarget& target, const RacePlan& plan, std::uint32_t number,
          Victim& victim, std::mutex& guard) :
        m_site{site}, m_target{target}, m_plan{plan}, m_number{number}, m_victim{victim}, m_guard{guard}
    {
    }

    /// Opens the connection and has it run the function once: a cold one would come too late for the race. Leaves no trace.
    Status prepare()
    {
        if (Status opened = open(); !opened)
            return opened;
        Result<std::string> answer = m_link->value("BEGIN");
        if (answer)
            answer = m_link->value(m_target.castSql(), {"nobody's secret", m_plan.posts.front(), "1", "2001:db8::1", "warm-up"});
        if (answer)
            answer = m_link->value("ROLLBACK");
        return answer ? Status{domain::Nothing{}} : Status{failureOf(answer)};
    }

    void runPhase(std::uint32_t round, const std::vector<Order>& orders)
    {
        for (const Order& order : orders) {
            if (m_plan.pattern == Pattern::LostConnections)
                sendUntilAnswered(round, order);
            else
                static_cast<void>(send(round, order));
        }
    }

    /// Reads, ahead of the phase, the votes that its void will name; a connection has one void a phase.
    void lookAt(const std::vector<Order>& orders)
    {
        for (const Order& order : orders) {
            if (order.action == Action::Void)
                m_looked = lookAt(order);
        }
    }

    [[nodiscard]] std::vector<Call> takeCalls() { return std::move(m_calls); }

private:
    struct Looked {
        std::vector<std::string> votes;
        std::string digest;
    };

    Status open()
    {
        Result<PgLink> link = PgLink::open(m_site);
        if (!link)
            return failureOf(link);
        m_link = *std::move(link);
        const std::lock_guard lock{m_guard};
        m_victim = {Socket{m_link->socket()}, m_link->backend()};
        return domain::Nothing{};
    }

    Looked lookAt(const Order& order)
    {
        Looked looked;
        const auto votes = m_link->rows("SELECT vote_key FROM scrutineer.vote WHERE post_key = $1::scrutineer.post_key AND state "
                                        "= 'counted' ORDER BY vote_key",
                                        {order.post});
        for (std::size_t i = order.firstVote; votes && i < std::min(order.lastVote, votes->size()); ++i)
            looked.votes.push_back((*votes)[i][0]);
        looked.digest =
            m_link->value("SELECT digest FROM scrutineer.digest_votes($1::text[])", {arrayText(looked.votes)}).value_or("");
        return looked;
    }

    Call& send(std::uint32_t round, const Order& order)
    {
        Call call;
        call.round = round;
        call.connection = m_number;
        call.action = order.action;
        call.token = order.token.key;
        call.post = order.post;
        call.requestKey = order.requestKey;
        call.value = order.value;
        call.sentAt = now();
        const Result<PgLink::Row> answer = ask(order, call);
        call.answeredAt = now();
        if (!answer)
            call.error = answer.error().detail;
        else
            take(*answer, call);
        m_calls.push_back(std::move(call));
        return m_calls.back();
    }

    Result<PgLink::Row> ask(const Order& order, Call& call)
    {
        const std::string origin = originOf(call.round, m_number, m_calls.size());
        const std::string value = fmt::format("{}", order.value);
        switch (order.action) {
        case Action::Cast:
            return m_link->row(m_target.castSql(), {order.token.secret, order.post, value, origin, order.requestKey});
        case Action::Change:
            return m_link->row(m_target.changeSql(), {order.token.secret, order.post, value, origin, order.requestKey});
        case Action::Withdraw:
            return m_link->row(m_target.withdrawSql(), {order.token.secret, order.post, origin, order.requestKey});
        case Action::Close: return m_link->row(m_target.closeSql(), {order.post});
        case Action::Revoke: return m_link->row(m_target.revokeSql(), {order.token.key});
        case Action::Void: break;
        }
        call.votes = m_looked.votes;
        return m_link->row("SELECT scrutineer.void_votes(gen_random_uuid(), $1::text[], $2, 'race lab', '{}') ->> 'status'",
                           {arrayText(m_looked.votes), m_looked.digest});
    }

    void take(const PgLink::Row& answer, Call& call)
    {
        call.outcome = answer.empty() ? "" : answer[0];
        call.vote = answer.size() > 1 ? answer[1] : "";
        if (call.action != Action::Close && call.action != Action::Revoke)
            return;
        call.outcome = call.outcome == "t" ? "done" : "refused";
        // It is committed; what this sees is all that came before it.
        const auto votes =
            call.action == Action::Close
                ? m_link->rows("SELECT vote_key FROM scrutineer.vote WHERE post_key = $1::scrutineer.post_key", {call.post})
                : m_link->rows("SELECT vote_key FROM scrutineer.vote WHERE token_key = $1::scrutineer.token_key", {call.token});
        for (std::size_t i = 0; votes && i < votes->size(); ++i)
            call.votes.push_back((*votes)[i][0]);
    }

    void sendUntilAnswered(std::uint32_t round, const Order& order)
    {
        for (int attempt = 0; attempt < kMostTries; ++attempt) {
            if (!m_link->isOpen() && !open())
                continue;
            Call& call = send(round, order);
            if (!call.outcome.empty())
                return;
            call.reports = report(round, order);
        }
    }

    /// In a following transaction, over a new connection, which may be broken as well. How often it was sent.
    std::uint32_t report(std::uint32_t round, const Order& order)
    {
        std::uint32_t sent = 0;
        for (int attempt = 0; attempt < kMostTries && !m_target.reportSql().empty(); ++attempt) {
            if (!open())
                continue;
            ++sent;
            if (m_link->row(m_target.reportSql(), {order.token.secret, order.post, fmt::format("{}", order.value),
                                                   originOf(round, m_number, m_calls.size()), order.requestKey, "08006"}))
                break;
        }
        return sent;
    }

    const domain::ConnectionTarget& m_site;
    const RaceTarget& m_target;
    const RacePlan& m_plan;
    std::uint32_t m_number;
    std::optional<PgLink> m_link;
    Victim& m_victim;
    std::mutex& m_guard; ///< of m_victim, which the saboteur looks at
    Looked m_looked;
    std::vector<Call> m_calls;
};

/// All racers, phase by phase.
class Field {
public:
    Field(const domain::ConnectionTarget& site, const RaceTarget& target, const RacePlan& plan, const RaceProgress& progress,
          const std::atomic<bool>& stop) :
        m_site{site}, m_target{target}, m_plan{plan}, m_progress{progress}, m_stop{stop},
        m_victims(plan.rounds.front().phases.front().size()), m_failures(m_victims.size())
    {
    }

    Result<race::Journal> run()
    {
        const auto connections = static_cast<std::ptrdiff_t>(m_victims.size());
        std::barrier start{connections};
        std::vector<std::unique_ptr<Racer>> racers;
        for (std::uint32_t number = 0; number < m_victims.size(); ++number)
            racers.push_back(std::make_unique<Racer>(m_site, m_target, m_plan, number, m_victims[number], m_guard));
        std::atomic<bool> failed = false;
        {
            std::vector<std::jthread> threads;
            for (std::uint32_t number = 0; number < m_victims.size(); ++number) {
                threads.emplace_back([&, number] {
                    m_failures[number] = racers[number]->prepare();
                    if (!m_failures[number])
                        failed = true;
                    start.arrive_and_wait();
                    if (!failed)
                        race(*racers[number], number, start);
                });
            }
        }
        race::Journal journal;
        for (std::size_t number = 0; number < racers.size(); ++number) {
            if (!m_failures[number])
                return failureOf(m_failures[number]);
            std::ranges::move(racers[number]->takeCalls(), std::back_inserter(journal.calls));
        }
        journal.pattern = m_plan.pattern;
        journal.rounds = m_done;
        return journal;
    }

private:
    void race(Racer& racer, std::uint32_t number, std::barrier<>& start)
    {
        for (std::uint32_t round = 0; round < m_plan.rounds.size(); ++round) {
            if (number == 0)
                beginRound(round);
            start.arrive_and_wait(); // everybody sees the same decision on whether there is another round
            if (m_ended)
                return;
            for (const Phase& phase : m_plan.rounds[round].phases) {
                racer.lookAt(phase[number]);
                start.arrive_and_wait();
                racer.runPhase(round, phase[number]);
                start.arrive_and_wait();
            }
        }
        if (number == 0)
            m_saboteur.reset();
    }

    void beginRound(std::uint32_t round)
    {
        m_ended = m_stop.load();
        if (m_ended) {
            m_saboteur.reset();
            return;
        }
        if (round == 0 && m_plan.pattern == Pattern::LostConnections) {
            if (Result<PgLink> link = PgLink::open(m_site))
                m_saboteur = std::make_unique<Saboteur>(*std::move(link), m_victims, m_guard);
        }
        m_done = round + 1;
        m_progress(round, m_plan.rounds.size());
    }

    const domain::ConnectionTarget& m_site;
    const RaceTarget& m_target;
    const RacePlan& m_plan;
    const RaceProgress& m_progress;
    const std::atomic<bool>& m_stop;
    std::vector<Victim> m_victims;
    std::vector<Status> m_failures;
    std::mutex m_guard;
    std::unique_ptr<Saboteur> m_saboteur;
    std::atomic<bool> m_ended = false;
    std::uint32_t m_done = 0;
};

} // namespace

Result<race::Journal> runRace(const domain::ConnectionTarget& site, const RaceTarget& target, const RacePlan& plan,
                              const RaceProgress& progress, const std::atomic<bool>& stop)
{
    domain::ConnectionTarget racer = site;
    racer.applicationName = kApplication;
    return Field{racer, target, plan, progress, stop}.run();
}

} // namespace scr::lab
