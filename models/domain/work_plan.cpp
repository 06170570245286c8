#include "domain/work_plan.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace scr::domain {

/// Which steps have begun and ended, for all threads.
class WorkPlan::Progress {
public:
    explicit Progress(std::vector<Task>& tasks) : m_tasks{tasks}, m_states(tasks.size(), State::Waiting) {}

    /// Until nothing is left to begin.
    void work()
    {
        while (const std::optional<Step> step = next()) {
            bool went = false;
            std::exception_ptr failure;
            try {
                went = m_tasks[*step].work();
            } catch (...) {
                failure = std::current_exception();
            }
            end(*step, went, failure);
        }
    }

    [[nodiscard]] bool succeeded() const
    {
        if (m_failure)
            std::rethrow_exception(m_failure);
        return !m_stopped;
    }

private:
    enum class State { Waiting, Begun, Ended };

    [[nodiscard]] std::optional<Step> next()
    {
        std::unique_lock lock{m_mutex};
        while (!m_stopped) {
            bool waits = false;
            for (Step step = 0; step < m_tasks.size(); ++step) {
                if (m_states[step] != State::Waiting)
                    continue;
                waits = true;
                const auto& after = m_tasks[step].after;
                if (std::all_of(after.begin(), after.end(), [&](Step other) { return m_states[other] == State::Ended; })) {
                    m_states[step] = State::Begun;
                    return step;
                }
            }
            if (!waits)
                break;
            m_ended.wait(lock);
        }
        return std::nullopt;
    }

    void end(Step step, bool went, const std::exception_ptr& failure)
    {
        {
            const std::lock_guard lock{m_mutex};
            m_states[step] = State::Ended;
            m_stopped = m_stopped || !went;
            if (!m_failure)
                m_failure = failure;
        }
        m_ended.notify_all();
    }

    std::vector<Task>& m_tasks;
    std::vector<State> m_states;
    bool m_stopped = false;
    std::exception_ptr m_failure;
    std::mutex m_mutex;
    std::condition_variable m_ended;
};

WorkPlan::Step WorkPlan::add(std::function<bool()> work, std::vector<Step> after)
{
    m_tasks.push_back({std::move(work), std::move(after)});
    return m_tasks.size() - 1;
}

WorkPlan::Step WorkPlan::addWhole(std::function<void()> work, std::vector<Step> after)
{
    const auto whole = [work = std::move(work)] {
        work();
        return true;
    };
    return add(whole, std::move(after));
}

bool WorkPlan::run(unsigned threads)
{
    Progress progress{m_tasks};
    {
        std::vector<std::jthread> others;
        try {
            for (unsigned one = 1; one < threads; ++one)
                others.emplace_back([&] { progress.work(); });
        } catch (const std::system_error&) {
            // no more threads are to be had: those that are there do the work
        }
        progress.work();
    }
    return progress.succeeded();
}

} // namespace scr::domain
