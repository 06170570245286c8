#pragma once

#include <vector>

#include <QString>
#include <QStringList>

#include "domain/void_plan.h"
#include "widgets/history_list.h"
#include "widgets/totals_strip.h"

/// What the preview of a void or restore says in words and totals.
namespace scr::pages {

[[nodiscard]] bool isRestore(const domain::VoidPlan& plan) noexcept;
[[nodiscard]] QString votesText(std::size_t votes); ///< "1 vote", "1,204 votes"
[[nodiscard]] std::vector<widgets::TotalsStrip::Total> totalsOf(const domain::VoidPlan& plan);

/// What to know before signing: votes that cannot come back, and a line for each post (a few of them) whose site shows another
/// score than its rows sum to, where the numbers of the preview are not the ones that readers see.
[[nodiscard]] QStringList remarksOn(const domain::VoidPlan& plan);

/// Who asks and through which service; `onlyProposes`: a second person has to approve.
[[nodiscard]] QString peopleText(const domain::VoidPlan& plan, bool onlyProposes, const QString& elevatedLabel);
/// What happens in the transaction, one numbered line a step.
[[nodiscard]] QString stepsText(const domain::VoidPlan& plan, bool onlyProposes);

/// Who asked, who carried it out and what became of it, newest first.
[[nodiscard]] std::vector<widgets::HistoryList::Line> historyOf(const domain::VoidRequestRow& request);

} // namespace scr::pages
