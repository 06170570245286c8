#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace scr::reliability {

/// Connections that write attempts and decisions as badly as an application may: transactions of very different length, rolled
/// back, with savepoints that are rolled back, committed late, and broken off with the server. They go on until as
/// many attempts are committed as `allow()` said last, and a few transactions more; a connection that is lost is made anew.
class Writers {
public:
    Writers(std::string conninfo, int writers);
    ~Writers();

    void allow(std::uint64_t attempts) { m_allowed = attempts; } ///< since the beginning, not in addition
    [[nodiscard]] bool areDone() const { return m_committed.load() >= m_allowed.load(); }
    [[nodiscard]] std::uint64_t lost() const { return m_lost.load(); } ///< transactions that a crash took
    void stop();

private:
    void run(unsigned seed);

    std::string m_conninfo;
    std::atomic<std::uint64_t> m_allowed{0};
    std::atomic<std::uint64_t> m_committed{0};
    std::atomic<std::uint64_t> m_lost{0};
    std::atomic<bool> m_stop{false};
    std::vector<std::jthread> m_threads;
};

/// The sealer as it is usually written: what has a key above the last one that was seen, in the order of keys. It keeps what it
/// took.
class NaiveSealer {
public:
    explicit NaiveSealer(std::string conninfo);
    ~NaiveSealer();
    /// A last look, then how many of the attempts that are there it never took.
    [[nodiscard]] std::uint64_t skipped();

private:
    void look();

    std::string m_conninfo;
    std::uint64_t m_last = 0;
    std::uint64_t m_taken = 0;
    std::atomic<bool> m_stop{false};
    std::jthread m_thread;
};

/// A transaction that stays open with a transaction id of its own, and is committed at the end with an attempt if it wrote one.
/// It is begun again when a crash took it.
class LongTransaction {
public:
    LongTransaction(std::string conninfo, bool writesAnAttempt);

    /// Ends it. Seconds that it was open, or 0 when it was not committed.
    [[nodiscard]] double commit();

private:
    void hold(const std::stop_token& stop);

    std::string m_conninfo;
    bool m_writesAnAttempt;
    double m_lived = 0;
    std::jthread m_thread;
};

} // namespace scr::reliability
