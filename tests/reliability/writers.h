#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace scr::reliability {

/// Connections that write attempts and decisions as badly as an application may: transactions of very different length, rolled
/// back, with savepoints that are rolled back, committed late, and broken off with the server. They spread
/// `entries` attempts over so many seconds and stop when all were sent; a connection that is lost is made anew.
class Writers {
public:
    Writers(std::string conninfo, int writers, std::uint64_t entries, int seconds);
    ~Writers();

    [[nodiscard]] bool areDone() const { return m_left.load() <= 0; }
    [[nodiscard]] std::uint64_t lost() const { return m_lost.load(); } ///< transactions that a crash took
    void stop();

private:
    void run(unsigned seed);
    [[nodiscard]] bool isAhead() const; ///< more was sent than the time allows

    std::string m_conninfo;
    std::int64_t m_entries;
    std::chrono::seconds m_spread;
    std::chrono::steady_clock::time_point m_begun = std::chrono::steady_clock::now();
    std::atomic<std::int64_t> m_left;
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

/// One transaction that stays open with a transaction id of its own, and commits an attempt at its end.
class LongTransaction {
public:
    LongTransaction(const std::string& conninfo, int seconds, bool writesAnAttempt);

private:
    std::jthread m_thread;
};

} // namespace scr::reliability
