#include "tables/flag_filter.h"

#include <algorithm>
#include <charconv>
#include <iterator>

#include <QString>

#include "query/terms.h"
#include "tables/cell_text.h"

namespace scr::tables {

namespace {

using domain::Fault;
using query::Op;
using query::RawTerm;

domain::Status refused(const RawTerm& term, const std::string& accepted)
{
    return domain::failure(Fault::Invalid, "\"" + term.source + "\" is not understood", "Write " + accepted);
}

domain::Status takeState(FlagFilter& filter, const RawTerm& term)
{
    const auto state = domain::flagStateOf(term.value);
    if (!state || term.op != Op::Equal)
        return refused(term, "state=open, confirmed, dismissed, snoozed or voided");
    filter.states.push_back(*state);
    return domain::Nothing{};
}

domain::Status takeSeverity(FlagFilter& filter, const RawTerm& term)
{
    const auto severity = domain::severityOf(term.value);
    if (!severity || (term.op != Op::GreaterOrEqual && term.op != Op::Equal))
        return refused(term, "severity>=low, medium, high or critical");
    filter.atLeast = *severity;
    return domain::Nothing{};
}

std::string detectorNames()
{
    std::string names;
    for (const domain::DetectorId detector : domain::kDetectors)
        names += std::string{domain::nameOf(detector)} + ", ";
    return names + std::string{domain::nameOf(domain::DetectorId::SiteRule)} + " or " +
           std::string{domain::nameOf(domain::DetectorId::Control)};
}

/// "Fan-out" and "fan_out" are one.
QString plainName(QString name)
{
    return name.toLower().replace(QLatin1Char{' '}, QLatin1Char{'_'}).replace(QLatin1Char{'-'}, QLatin1Char{'_'});
}

/// By its name in the log or the one on screen; by a part of it all those that have it.
domain::Status takeDetector(FlagFilter& filter, const RawTerm& term)
{
    if (term.op != Op::Equal || term.value.empty())
        return refused(term, "detector=" + detectorNames());
    if (const auto detector = domain::detectorOf(term.value)) {
        filter.detectors.push_back(*detector);
        return domain::Nothing{};
    }
    const QString asked = plainName(QString::fromStdString(term.value));
    if (std::none_of(asked.begin(), asked.end(), [](QChar c) { return c.isLetter(); }))
        return refused(term, "detector=" + detectorNames());
    const auto names = [&](domain::DetectorId detector) {
        return QLatin1StringView{domain::nameOf(detector)}.contains(asked) || plainName(titleOf(detector)).contains(asked);
    };
    const std::size_t before = filter.detectors.size();
    std::copy_if(std::begin(domain::kDetectors), std::end(domain::kDetectors), std::back_inserter(filter.detectors), names);
    std::copy_if(std::begin(domain::kOtherSources), std::end(domain::kOtherSources), std::back_inserter(filter.detectors), names);
    return filter.detectors.size() > before ? domain::Status{} : refused(term, "detector=" + detectorNames());
}

domain::Status takeVotes(FlagFilter& filter, const RawTerm& term)
{
    std::int64_t votes = 0;
    const auto [end, error] = std::from_chars(term.value.data(), term.value.data() + term.value.size(), votes);
    if (error != std::errc{} || end != term.value.data() + term.value.size() ||
        (term.op != Op::Greater && term.op != Op::GreaterOrEqual))
        return refused(term, "votes>20");
    filter.moreVotesThan = term.op == Op::Greater ? votes : votes - 1;
    return domain::Nothing{};
}

domain::Status takeKey(std::string& key, const RawTerm& term)
{
    if (term.op != Op::Equal)
        return refused(term, term.name + "=KEY");
    key = term.value;
    return domain::Nothing{};
}

domain::Status take(FlagFilter& filter, const RawTerm& term)
{
    if (term.name == "state")
        return takeState(filter, term);
    if (term.name == "severity")
        return takeSeverity(filter, term);
    if (term.name == "detector")
        return takeDetector(filter, term);
    if (term.name == "votes")
        return takeVotes(filter, term);
    if (term.name == "token")
        return takeKey(filter.token, term);
    if (term.name == "post")
        return takeKey(filter.post, term);
    if (term.name == "case")
        return takeKey(filter.inCaseOf, term);
    if (!term.name.empty())
        return refused(term, "state, severity, detector, token, post, votes, case or free text");
    filter.text += (filter.text.empty() ? "" : " ") + term.value;
    return domain::Nothing{};
}

} // namespace

domain::Result<FlagFilter> parseFlagFilter(std::string_view text)
{
    const auto terms = query::splitTerms(text);
    if (!terms)
        return domain::failureOf(terms);
    FlagFilter filter;
    for (const RawTerm& term : *terms) {
        if (const domain::Status taken = take(filter, term); !taken)
            return domain::failureOf(taken);
    }
    return filter;
}

} // namespace scr::tables
