#include "seal_fire.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <random>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include "audit/checkpoint.h"
#include "elevated/seal_session.h"
#include "seal/key_file.h"
#include "seal/sealer.h"
#include "support/test_server.h"
#include "writers.h"

extern char** environ;

namespace scr::reliability {

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr const char* kDatabase = "fire";
constexpr const char* kSealer = "sealer";

template <class T>
T required(domain::Result<T> result)
{
    if (!result)
        throw std::runtime_error{sentenceOf(result.error())};
    return std::move(*result);
}

/// A folder with the key, the state and a service file for the sealers, gone with this.
class Folder {
public:
    explicit Folder(const test::TestServer& server) : m_path{fs::temp_directory_path() / fmt::format("scr-fire-{}", ::getpid())}
    {
        fs::create_directories(m_path);
        const domain::ConnectionTarget target = server.target(kDatabase, kSealer);
        std::ofstream{m_path / "service"} << fmt::format("[fire]\nhost={}\nport={}\ndbname={}\nuser={}\n", target.host,
                                                         target.port, target.database, target.user);
        ::setenv("PGSERVICEFILE", (m_path / "service").c_str(), 1);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder()
    {
        std::error_code ignored;
        fs::remove_all(m_path, ignored);
    }
    [[nodiscard]] fs::path path() const { return m_path; }
    [[nodiscard]] std::string key() const { return m_path / "key"; }
    [[nodiscard]] fs::path state() const { return m_path / "state"; }

private:
    fs::path m_path;
};

/// `scrutineerctl seal --follow` as a process, started again when it ended: as its service unit does.
class SealerProcess {
public:
    explicit SealerProcess(const Folder& folder) :
        m_key{folder.key()}, m_state{folder.state()}, m_log{folder.path() / "sealers.log"}
    {
        start();
    }
    SealerProcess(const SealerProcess&) = delete;
    SealerProcess& operator=(const SealerProcess&) = delete;
    ~SealerProcess() { end(SIGKILL); }

    /// How it ended, when it ended by itself with anything but 0.
    [[nodiscard]] int keepRunning()
    {
        int status = 0;
        if (m_pid > 0 && ::waitpid(m_pid, &status, WNOHANG) != m_pid)
            return 0;
        start();
        return WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    }
    void end(int signal)
    {
        if (m_pid <= 0)
            return;
        ::kill(m_pid, signal);
        ::waitpid(m_pid, nullptr, 0);
        m_pid = -1;
    }

private:
    void start()
    {
        std::string program = SCRUTINEER_BIN_DIR "/scrutineerctl";
        std::vector<std::string> words{program,   "seal",  "--service", "fire",       "--key", m_key,
                                       "--state", m_state, "--follow",  "--interval", "100"};
        std::vector<char*> arguments;
        for (std::string& word : words)
            arguments.push_back(word.data());
        arguments.push_back(nullptr);
        posix_spawn_file_actions_t files;
        posix_spawn_file_actions_init(&files);
        posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
        posix_spawn_file_actions_addopen(&files, STDERR_FILENO, m_log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
        const int failed = ::posix_spawn(&m_pid, program.c_str(), &files, nullptr, arguments.data(), environ);
        posix_spawn_file_actions_destroy(&files);
        if (failed != 0)
            throw std::runtime_error{"scrutineerctl cannot be started"};
    }

    std::string m_key;
    std::string m_state;
    std::string m_log;
    pid_t m_pid = -1;
};

using Sealers = std::vector<std::unique_ptr<SealerProcess>>;

/// Keeps every checkpoint that could be seen while it ran, outside the database.
class Watcher {
public:
    explicit Watcher(const test::TestServer& server) : m_server{server}
    {
        m_thread = std::jthread{[this](const std::stop_token& stop) {
            while (!stop.stop_requested()) {
                look();
                std::this_thread::sleep_for(50ms);
            }
        }};
    }
    [[nodiscard]] std::map<std::uint64_t, std::string> seen()
    {
        m_thread.request_stop();
        m_thread.join();
        look();
        return m_seen;
    }
    [[nodiscard]] bool contradicted() const { return m_contradicted; }

private:
    void look()
    try {
        const std::uint64_t from = m_seen.empty() ? 0 : m_seen.rbegin()->first;
        for (const auto& row : m_server.queryRows(
                 kDatabase, fmt::format("SELECT size, note FROM scrutineer.checkpoint WHERE size >= {} - 200000", from))) {
            const auto [known, isNew] = m_seen.emplace(std::stoull(row[0]), row[1]);
            m_contradicted = m_contradicted || known->second != row[1];
        }
    } catch (const std::runtime_error&) { // the server is down just now
    }

    const test::TestServer& m_server;
    std::map<std::uint64_t, std::string> m_seen;
    bool m_contradicted = false;
    std::jthread m_thread;
};

/// Until it answered for two seconds on end: just after a kill it may answer before it notices.
void awaitServer(const test::TestServer& server)
{
    int good = 0;
    for (const auto end = std::chrono::steady_clock::now() + 120s; std::chrono::steady_clock::now() < end;
         std::this_thread::sleep_for(100ms)) {
        try {
            server.execute(kDatabase, "SELECT 1");
            if (++good == 20)
                return;
        } catch (const std::runtime_error&) {
            good = 0;
        }
    }
    throw std::runtime_error{"the server did not come back"};
}

enum class Crash { Backend, SealersBackend, Sealer, Server };

class Crasher {
public:
    Crasher(test::TestServer& server, Sealers& sealers) : m_server{server}, m_sealers{sealers} {}

    void crash(int number)
    {
        switch (static_cast<Crash>(number % 4)) {
        case Crash::Backend: killBackend("application_name <> 'scrutineer' AND usename <> 'sealer'"); break;
        case Crash::SealersBackend: killBackend("usename = 'sealer'"); break;
        case Crash::Sealer: m_sealers[static_cast<std::size_t>(number / 4) % m_sealers.size()]->end(SIGKILL); break;
        case Crash::Server: stopAtOnce(); break;
        }
        awaitServer(m_server);
    }

private:
    /// kill -9, which makes the server end every session and recover.
    void killBackend(const std::string& which)
    try {
        const std::string pid =
            m_server.queryText(kDatabase, "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND "
                                          "pid <> pg_backend_pid() AND " +
                                              which + " ORDER BY random() LIMIT 1");
        if (!pid.empty())
            ::kill(std::stoi(pid), SIGKILL);
    } catch (const std::runtime_error&) {
    }

    void stopAtOnce()
    {
        if (const auto pid = m_server.server().pid())
            ::kill(*pid, SIGQUIT);
        while (m_server.server().isRunning())
            std::this_thread::sleep_for(20ms);
        static_cast<void>(m_server.server().stop());
        required(m_server.server().start());
    }

    test::TestServer& m_server;
    Sealers& m_sealers;
};

struct Outcome {
    std::uint64_t entries = 0;
    std::uint64_t leaves = 0;
    std::uint64_t skipped = 0;
    std::uint64_t invented = 0;
    std::uint64_t falseRoots = 0;
    std::uint64_t checkpoints = 0;
    std::uint64_t naiveSkipped = 0;
    std::uint64_t sealedBeside = 0;  ///< while the long transactions were open
    std::uint64_t waitingBeside = 0; ///< of those that were there for everybody to see, when they ended
    double openFor = 0;              ///< seconds that both of them were open
    bool contradicted = false;
    int refusals = 0;
};

/// The tree over the entries as they are now, leaf by leaf, held against every checkpoint that was seen on the way.
std::uint64_t falseRoots(const test::TestServer& server, const std::map<std::uint64_t, std::string>& seen,
                         const audit::VerifierKey& key)
{
    elevated::SealSession session;
    required(session.open(server.target(kDatabase, kSealer)));
    const std::uint64_t size = required(session.head(1)).size();
    audit::Frontier frontier;
    std::vector<audit::Subtree> full;
    std::uint64_t wrong = 0;
    auto next = seen.begin();
    const auto compare = [&] {
        for (; next != seen.end() && next->first == frontier.size(); ++next) {
            const auto opened = audit::openCheckpoint(next->second, key);
            if (!opened || opened->checkpoint.size != frontier.size() || opened->checkpoint.root != frontier.root())
                ++wrong;
        }
    };
    required(session.eachLeaf(1, 0, size, [&](const elevated::StoredLeaf& leaf) -> domain::Status {
        frontier.append(leaf.entry ? audit::leafHash(*leaf.entry) : audit::Hash{}, full);
        full.clear();
        compare();
        return domain::Nothing{};
    }));
    return wrong + static_cast<std::uint64_t>(std::distance(next, seen.end()));
}

std::uint64_t number(const test::TestServer& server, const std::string& sql)
{
    return std::stoull(server.queryText(kDatabase, sql));
}

void count(const test::TestServer& server, Outcome& outcome)
{
    outcome.entries = number(server, "SELECT count(*) FROM scrutineer.entry");
    outcome.leaves = number(server, "SELECT count(*) FROM scrutineer.leaf");
    outcome.skipped = number(server, "SELECT count(*) FROM scrutineer.entry e LEFT JOIN scrutineer.leaf l ON l.log = e.log AND "
                                     "l.entry_key = e.entry_key WHERE l.leaf IS NULL");
    outcome.invented =
        number(server, "SELECT count(*) FROM scrutineer.leaf l LEFT JOIN scrutineer.entry e ON l.log = e.log AND "
                       "l.entry_key = e.entry_key AND l.hash = sha256('\\x00'::bytea || e.entry) WHERE e.entry_key IS NULL");
}

bool tell(const SealFire& fire, const Outcome& outcome, std::uint64_t lost, double seconds)
{
    fmt::print("{} writers, {} crashes, two transactions of {:.0f} s, two sealers, {:.0f} s\n", fire.writers, fire.crashes,
               outcome.openFor, seconds);
    fmt::print("  {:<42}{:>12}\n  {:<42}{:>12}\n", "entries that are there", outcome.entries, "transactions that a crash took",
               lost);
    fmt::print("  {:<42}{:>12}{:>18}\n", "", "ours", "id > last");
    fmt::print("  {:<42}{:>12}{:>18}\n", "entries skipped", outcome.skipped, outcome.naiveSkipped);
    fmt::print("  {:<42}{:>12}\n", "entries invented or sealed twice",
               outcome.invented + (outcome.leaves - outcome.entries + outcome.skipped));
    fmt::print("  {:<42}{:>12}\n  {:<42}{:>12}\n", "checkpoints seen", outcome.checkpoints, "that are no beginning of the log",
               outcome.falseRoots);
    fmt::print("  {:<42}{:>12}\n", "entries sealed beside the transactions", outcome.sealedBeside);
    fmt::print("  {:<42}{:>12}\n", "that waited for them to end", outcome.waitingBeside);
    fmt::print("  {:<42}{:>12}\n", "times a sealer refused to sign", outcome.refusals);
    const bool ours = outcome.skipped == 0 && outcome.invented == 0 && outcome.leaves == outcome.entries &&
                      outcome.falseRoots == 0 && outcome.checkpoints > 1 && outcome.refusals == 0 && !outcome.contradicted &&
                      outcome.entries >= fire.entries && outcome.openFor >= fire.longTransaction && outcome.sealedBeside > 0 &&
                      outcome.waitingBeside == 0;
    fmt::print("{}\n", !ours ? "FAILED"
                       : outcome.naiveSkipped == 0
                           ? "FAILED: the sealer by the last key skipped nothing, so that this run proves nothing"
                           : "passed");
    return ours && outcome.naiveSkipped > 0;
}

void keepRunning(Sealers& sealers, Outcome& outcome)
{
    for (const auto& sealer : sealers)
        outcome.refusals += sealer->keepRunning() == 1 ? 1 : 0;
}

void await(const Writers& writers, Sealers& sealers, Outcome& outcome)
{
    for (; !writers.areDone(); std::this_thread::sleep_for(100ms))
        keepRunning(sealers, outcome);
}

void amongCrashes(const SealFire& fire, test::TestServer& server, Writers& writers, Sealers& sealers, Outcome& outcome)
{
    LongTransaction slow{server.conninfo(kDatabase), true};
    LongTransaction foreign{server.conninfo("foreign"), false};
    Crasher crasher{server, sealers};
    for (int crashes = 0; crashes < fire.crashes; ++crashes) {
        writers.allow(fire.entries / 2 * static_cast<std::uint64_t>(crashes + 1) / static_cast<std::uint64_t>(fire.crashes));
        std::this_thread::sleep_for(std::chrono::seconds{fire.pause});
        crasher.crash(crashes);
        keepRunning(sealers, outcome);
    }
    await(writers, sealers, outcome);
}

void besideLongTransactions(const SealFire& fire, test::TestServer& server, Writers& writers, Sealers& sealers, Outcome& outcome)
{
    const auto sealed = [&] { return number(server, "SELECT coalesce(max(size), 0) FROM scrutineer.checkpoint"); };
    const std::chrono::duration<double> length{fire.longTransaction + 1}; // one second in which they begin
    const std::uint64_t half = fire.entries / 2;
    LongTransaction slow{server.conninfo(kDatabase), true};
    LongTransaction foreign{server.conninfo("foreign"), false};
    const std::uint64_t before = sealed();
    std::size_t kills = 0;
    for (const auto begun = std::chrono::steady_clock::now();;) {
        const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begun;
        if (spent > length)
            break;
        writers.allow(half + static_cast<std::uint64_t>(static_cast<double>(half) * (spent / length)));
        if (spent > std::chrono::seconds{fire.pause} * static_cast<double>(kills + 1))
            sealers[kills++ % sealers.size()]->end(SIGKILL);
        keepRunning(sealers, outcome);
        std::this_thread::sleep_for(20ms);
    }
    writers.allow(fire.entries);
    await(writers, sealers, outcome);
    // What one of them holds back would be sealed only when it ends.
    const std::uint64_t there = number(server, "SELECT count(*) FROM scrutineer.entry");
    for (const auto end = std::chrono::steady_clock::now() + 60s; sealed() < there && std::chrono::steady_clock::now() < end;
         std::this_thread::sleep_for(100ms))
        keepRunning(sealers, outcome);
    const std::uint64_t after = sealed();
    outcome.sealedBeside = after - before;
    outcome.waitingBeside = there - std::min(there, after);
    outcome.openFor = std::min(slow.commit(), foreign.commit());
}

} // namespace

bool sealUnderFire(const SealFire& fire)
{
    const auto begun = std::chrono::steady_clock::now();
    test::TestServer server{{"max_wal_size = '4GB'", "checkpoint_timeout = '15min'", "restart_after_crash = on"}};
    server.createSource(kDatabase, "reference");
    server.createDatabase("foreign");
    required(elevated::createLogin(server.target(kDatabase), {kSealer, {"sealer"}, ""}));
    const Folder folder{server};
    const auto key = required(audit::SigningKey::make("example.org/fire", audit::SignatureType::Log));
    required(seal::writeKeyFile(folder.key(), key));

    Sealers sealers;
    for (int i = 0; i < 2; ++i)
        sealers.push_back(std::make_unique<SealerProcess>(folder));
    Watcher watcher{server};
    // For the naive sealer alone: it would read the whole table at every look.
    server.execute(kDatabase, "CREATE INDEX ON reference.attempt (attempt_key)");
    NaiveSealer naive{server.conninfo(kDatabase)};
    Writers writers{server.conninfo(kDatabase), fire.writers};
    Outcome outcome;
    amongCrashes(fire, server, writers, sealers, outcome);
    besideLongTransactions(fire, server, writers, sealers, outcome);
    writers.stop();
    outcome.naiveSkipped = naive.skipped();
    keepRunning(sealers, outcome);
    for (const auto& sealer : sealers)
        sealer->end(SIGTERM);
    elevated::SealSession session;
    required(session.open(server.target(kDatabase, kSealer)));
    required(seal::Sealer{session, key, seal::SignedState{folder.state()}}.sealOnce());

    const auto seen = watcher.seen();
    outcome.contradicted = watcher.contradicted();
    outcome.checkpoints = seen.size();
    count(server, outcome);
    outcome.falseRoots = falseRoots(server, seen, key.verifier());
    return tell(fire, outcome, writers.lost(), std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
}

} // namespace scr::reliability
