#include "ctl/terminal.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include <fmt/format.h>
#include <unistd.h>

#include "ctl/verb.h"
#include "domain/visible_text.h"

namespace scr::ctl {

namespace {

volatile std::sig_atomic_t g_stop = 0;

constexpr std::chrono::milliseconds kRedraw{100};

extern "C" void onInterrupt(int signal)
{
    g_stop = 1;
    std::signal(signal, SIG_DFL);
}

} // namespace

void catchInterrupts()
{
    struct sigaction action{};
    action.sa_handler = onInterrupt;
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    sigaction(SIGHUP, &action, nullptr);
    // A reader that goes away (`scan | head`) shows as a failed write, which is an error with words, not a silent end.
    std::signal(SIGPIPE, SIG_IGN);
}

bool stopRequested() noexcept
{
    return g_stop != 0;
}

int report(const domain::Error& error)
{
    fmt::print(stderr, "scrutineerctl: {}\n", domain::visibleText(domain::sentenceOf(error)));
    return kCouldNot;
}

void warn(std::string_view sentence)
{
    fmt::print(stderr, "scrutineerctl: {}\n", domain::visibleText(sentence));
}

Progress::Progress(std::string what) : m_what{std::move(what)}, m_terminal{isatty(STDERR_FILENO) == 1} {}

Progress::~Progress()
{
    if (m_dirty)
        fmt::print(stderr, "\r\033[K");
}

bool Progress::operator()(std::uint64_t done, std::uint64_t total)
{
    const auto now = Clock::now();
    if (!m_terminal || now - m_shown < kRedraw)
        return !stopRequested();
    m_shown = now;
    m_dirty = true;
    std::string line = m_what;
    if (total > 0)
        line += fmt::format(" {} %", done >= total ? 100 : 100 * done / total);
    const double seconds = std::chrono::duration<double>(now - m_start).count();
    if (m_rows > 0)
        line += fmt::format("  {} rows, {:.0f} rows/s", m_rows, static_cast<double>(m_rows) / seconds);
    fmt::print(stderr, "\r\033[K{}", line);
    std::fflush(stderr);
    return !stopRequested();
}

domain::Status finishOutput()
{
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0)
        return domain::Nothing{};
    return domain::failure(domain::Fault::Unavailable,
                           fmt::format("Standard output could not be written: {}", std::strerror(errno)),
                           "Check that the disk has room and that the reader of a pipe is still there");
}

int finishDone(std::string_view whatWasDone)
{
    if (const domain::Status written = finishOutput(); !written)
        warn(fmt::format("{}; only the summary is lost: {}", whatWasDone, domain::sentenceOf(written.error())));
    return kDone;
}

} // namespace scr::ctl
