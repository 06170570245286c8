#include "ctl/follow.h"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include <fmt/format.h>

#include "codec/told_json.h"
#include "ctl/connect.h"
#include "ctl/terminal.h"
#include "ctl/verb.h"
#include "history/atomic_file.h"
#include "scanning/scanning.h"

namespace scr::ctl {

namespace {

using domain::failure;
using domain::failureOf;
using domain::Result;
using domain::Status;

Result<domain::ToldFlags> readState(const std::string& path)
{
    if (path.empty() || !std::filesystem::exists(path))
        return domain::ToldFlags{};
    if (!std::filesystem::is_regular_file(path))
        return failure(domain::Fault::Invalid, fmt::format("{} is no file that a state could be kept in", path),
                       "Name a file; it is made when it is not there");
    std::ifstream file{path, std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    if (!file)
        return failure(domain::Fault::NotFound, fmt::format("{} cannot be read", path), "Check the path and its rights");
    return codec::toldFromJson(text);
}

class Printer {
public:
    Printer(const FollowOrder& order, const domain::ToldFlags& told) : m_order{order}, m_told{told} {}

    /// Recorded first and written down after it was told: after a crash a flag is told twice at most, and never lost.
    Status flags(const std::vector<domain::Flag>& flags)
    {
        if (m_order.record) {
            const auto writer = elevatedOf(m_order.service);
            if (!writer)
                return failureOf(writer);
            const auto recorded = scanning::recordFlags(*writer, flags);
            if (!recorded)
                return failureOf(recorded);
        }
        const std::string text = textOf(flags, m_order.format);
        // one table, told bit by bit: its header stands at the top alone
        const bool isContinued = m_hasPrinted && m_order.format == FlagFormat::Csv;
        fmt::print("{}", isContinued ? text.substr(text.find('\n') + 1) : text);
        m_hasPrinted = true;
        if (const Status written = finishOutput(); !written)
            return written;
        // told and recorded it is: a state that cannot be written costs a repetition after a restart, no more
        if (!m_order.state.empty()) {
            if (const Status kept = history::writeFile(m_order.state, codec::toldToJson(m_told)); !kept)
                warn(domain::sentenceOf(kept.error()));
        }
        return domain::Nothing{};
    }

    void state(const jobs::FollowState& state)
    {
        if (!m_begun)
            warn(fmt::format("Following {}: {} votes in the window. Ctrl-C ends it.", m_order.service, state.votes));
        m_begun = true;
        if (state.trouble.detail != m_trouble && !state.trouble.detail.empty())
            warn(domain::sentenceOf(state.trouble) + " Trying again.");
        else if (!m_trouble.empty() && state.trouble.detail.empty())
            warn("It works again; nothing was skipped.");
        m_trouble = state.trouble.detail;
    }

private:
    const FollowOrder& m_order;
    const domain::ToldFlags& m_told;
    bool m_begun = false;
    bool m_hasPrinted = false;
    std::string m_trouble;
};

} // namespace

Result<int> followAndPrint(const FollowOrder& order)
{
    Result<domain::ToldFlags> told = readState(order.state);
    if (!told)
        return failureOf(told);
    Printer printer{order, *told};
    jobs::FollowOptions options;
    options.window = std::chrono::hours{24 * order.days};
    std::atomic<bool> stop{false};
    const jobs::FollowListener listener{[&](const auto& flags) { return printer.flags(flags); },
                                        [&](const jobs::FollowState& state) {
                                            printer.state(state);
                                            stop = stop || stopRequested();
                                        }};
    std::jthread watch{[&](const std::stop_token& ended) { // an interrupt while something is read or scanned
        while (!ended.stop_requested()) {
            stop = stop || stopRequested();
            std::this_thread::sleep_for(std::chrono::milliseconds{100});
        }
    }};
    const Status followed = scanning::followSource(readerOf(order.service), order.rules, options, *told, listener, stop);
    watch.request_stop();
    watch.join();
    if (!followed)
        return failureOf(followed);
    return kDone;
}

} // namespace scr::ctl
