#include "domain/result.h"

namespace scr::domain {

std::string_view nameOf(Fault fault) noexcept
{
    switch (fault) {
    case Fault::NotFound: return "not found";
    case Fault::Rejected: return "refused";
    case Fault::Invalid: return "invalid input";
    case Fault::Unavailable: return "unavailable";
    case Fault::TimedOut: return "timed out";
    case Fault::Cancelled: return "stopped";
    case Fault::InDoubt: return "in doubt";
    case Fault::Corrupt: return "contradictory data";
    }
    return "unknown";
}

std::string sentenceOf(const Error& error)
{
    std::string text = error.detail;
    if (!text.empty() && text.back() != '.' && text.back() != '?')
        text += '.';
    if (!error.remedy.empty()) {
        text += ' ';
        text += error.remedy;
        if (text.back() != '.')
            text += '.';
    }
    return text;
}

} // namespace scr::domain
