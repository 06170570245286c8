#include "jobs/follow.h"

#include <future>
#include <optional>
#include <thread>

#include "detect/told.h"
#include "domain/guard.h"
#include "domain/numbering.h"
#include "rank/impact.h"

namespace scr::jobs {

namespace {

using domain::Result;
using domain::Status;
using Clock = std::chrono::steady_clock;
using Flags = std::vector<domain::Flag>;

constexpr std::chrono::seconds kLongestRetry{30};
constexpr std::chrono::minutes kRetryReload{5};
constexpr std::chrono::milliseconds kLeastPause{100}; ///< hints can come with every vote

/// Detectors that a window cannot serve: a counter covers all time.
std::vector<domain::DetectorId> windowDetectors()
{
    std::vector<domain::DetectorId> detectors{std::begin(domain::kDetectors), std::end(domain::kDetectors)};
    std::erase(detectors, domain::DetectorId::CounterDrift);
    return detectors;
}

class Follow {
public:
    Follow(ports::ScanSource& source, ports::ChangeFeed& feed, const detect::Rules& rules, const FollowOptions& options,
           domain::ToldFlags& told, const FollowListener& listener, const std::atomic<bool>& stop) :
        m_source{source}, m_feed{feed}, m_rules{rules}, m_options{options}, m_told{told}, m_listener{listener}, m_stop{stop}
    {
    }

    [[nodiscard]] Status run()
    {
        const domain::UtcTime from = windowBegin();
        if (const Status begun = m_feed.begin(from); !begun)
            return begun;
        if (const Status loaded = load(from); !loaded)
            return loaded;
        while (!m_stop) {
            const Clock::time_point begun = Clock::now();
            const Status looked = domain::guarded([this] { return turn(); });
            m_state.lastLook = std::chrono::duration_cast<domain::Micros>(Clock::now() - begun);
            if (!m_stop)
                report(looked);
            rest(looked.has_value());
        }
        if (m_scan.valid())
            m_scan.wait(); // it sees the stop
        return domain::Nothing{};
    }

private:
    [[nodiscard]] domain::UtcTime windowBegin() const
    {
        return std::chrono::time_point_cast<domain::Micros>(std::chrono::system_clock::now()) - m_options.window;
    }

    /// One look, and what is due besides. Whatever fails is tried again later; it keeps nothing else from being done.
    [[nodiscard]] Status turn()
    {
        const Clock::time_point now = Clock::now();
        Status reloaded;
        if (now >= m_nextReload) {
            const domain::UtcTime from = windowBegin();
            m_feed.moveWindow(from); // the places of the looks stay: what comes twice counts once
            reloaded = load(from);
            if (!reloaded)
                m_nextReload = now + kRetryReload;
        }
        const bool isThorough = now >= m_nextThorough;
        if (isThorough)
            m_nextThorough = now + m_options.thorough;
        const Status looked = look(isThorough);
        if (looked && isThorough)
            startScan();
        const Status taken = takeScan();
        return !looked ? looked : !reloaded ? reloaded : taken;
    }

    /// Reads the window anew; `from` is where the feed begins.
    [[nodiscard]] Status load(domain::UtcTime from)
    {
        m_nextReload = Clock::now() + m_options.reload;
        Result<domain::ScanInput> window = m_source.read({from, std::nullopt}, [this](auto, auto) { return !m_stop.load(); });
        if (!window)
            return m_stop ? Status{} : domain::failureOf(window);
        m_live.emplace(std::move(*window), m_rules);
        std::erase_if(m_told, [&](const auto& told) { return told.second.to < from - m_options.window; });
        m_nextThorough = Clock::now() + m_options.thorough;
        m_changed = true;
        startScan();
        return domain::Nothing{};
    }

    [[nodiscard]] Status look(bool isThorough)
    {
        if (!m_live)
            return domain::Nothing{};
        Result<domain::ScanInput> batch =
            m_feed.read(isThorough ? ports::ChangeFeed::Look::Thorough : ports::ChangeFeed::Look::Recent);
        if (!batch)
            return m_stop ? Status{} : domain::failureOf(batch);
        if (batch->votes.empty() && batch->attempts.size() == 0)
            return domain::Nothing{};
        const std::size_t before = rows();
        Flags flags;
        try {
            flags = m_live->take(std::move(*batch));
        } catch (...) {
            m_live.reset(); // what was taken in half cannot stay
            m_nextReload = Clock::now();
            throw;
        }
        if (rows() == before)
            return domain::Nothing{};
        m_changed = true;
        m_state.came += rows() - before;
        return tell(std::move(flags), m_live->window());
    }

    [[nodiscard]] std::size_t rows() const { return m_live->window().votes.size() + m_live->window().attempts.size(); }

    /// In a thread of its own and on a copy: what comes meanwhile is looked at meanwhile.
    void startScan()
    {
        if (!m_live || m_scan.valid() || !m_changed)
            return;
        m_changed = false;
        m_scan = std::async(std::launch::async, [this, window = m_live->window()]() mutable -> Result<Flags> {
            return domain::guarded([&] {
                domain::numberByKey(window);
                return scanned(window);
            });
        });
    }

    [[nodiscard]] Result<Flags> scanned(const domain::ScanInput& window) const
    {
        detect::ScanOptions options;
        options.detectors = windowDetectors();
        Result<detect::ScanReport> report = detect::scan(window, m_rules, options, [this](auto, auto) { return !m_stop.load(); });
        if (!report)
            return domain::failureOf(report);
        rank::addImpacts(report->flags, window);
        return std::move(report->flags);
    }

    [[nodiscard]] Status takeScan()
    {
        if (!m_scan.valid() || m_scan.wait_for(std::chrono::seconds{0}) != std::future_status::ready)
            return domain::Nothing{};
        Result<Flags> flags = m_scan.get();
        if (!flags)
            return m_stop ? Status{} : domain::failureOf(flags);
        if (m_live)
            m_live->learn([this](auto, auto) { return !m_stop.load(); });
        return tellNews(detect::untold(std::move(*flags), m_told));
    }

    [[nodiscard]] Status tell(Flags flags, const domain::ScanInput& window)
    {
        Flags news = detect::untold(std::move(flags), m_told);
        if (!news.empty())
            rank::addImpacts(news, window);
        return tellNews(std::move(news));
    }

    [[nodiscard]] Status tellNews(Flags news)
    {
        if (news.empty())
            return domain::Nothing{};
        Status taken = m_listener.flags(news);
        if (!taken) {
            for (const domain::Flag& flag : news)
                m_told.erase(flag.key);
            m_changed = true; // the next whole scan finds them again
        }
        return taken;
    }

    void report(const Status& looked)
    {
        m_state.votes = m_live ? m_live->window().votes.size() : 0;
        m_state.trouble = looked ? domain::Error{} : looked.error();
        m_listener.state(m_state);
    }

    void rest(bool isWell)
    {
        m_retry = isWell ? std::chrono::milliseconds{0}
                         : std::min<std::chrono::milliseconds>(kLongestRetry, 2 * m_retry + std::chrono::seconds{1});
        const Clock::time_point until = Clock::now() + std::max(m_options.pause, m_retry);
        if (isWell)
            std::this_thread::sleep_for(std::min(kLeastPause, m_options.pause));
        // in short steps, so that a stop is not waited for
        for (Clock::time_point now = Clock::now(); !m_stop && now < until; now = Clock::now()) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - now);
            m_feed.wait(std::min<std::chrono::milliseconds>(left, std::chrono::milliseconds{250}));
            if (isWell)
                return; // the pause is over, or a hint came
        }
    }

    ports::ScanSource& m_source;
    ports::ChangeFeed& m_feed;
    const detect::Rules& m_rules;
    const FollowOptions& m_options;
    domain::ToldFlags& m_told;
    const FollowListener& m_listener;
    const std::atomic<bool>& m_stop;
    std::optional<detect::LiveScan> m_live;
    std::future<Result<Flags>> m_scan;
    FollowState m_state;
    Clock::time_point m_nextThorough;
    Clock::time_point m_nextReload;
    std::chrono::milliseconds m_retry{0};
    bool m_changed = false; ///< since the last whole scan
};

} // namespace

Status follow(ports::ScanSource& source, ports::ChangeFeed& feed, const detect::Rules& rules, const FollowOptions& options,
              domain::ToldFlags& told, const FollowListener& listener, const std::atomic<bool>& stop)
{
    return Follow{source, feed, rules, options, told, listener, stop}.run();
}

} // namespace scr::jobs
