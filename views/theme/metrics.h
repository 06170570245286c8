#pragma once

namespace scr::theme {

/// Device-independent pixels of the design language.
inline constexpr int kPanePadding = 16;
inline constexpr int kGap = 8;
inline constexpr int kCellPadding = 8;
inline constexpr int kRadius = 4;
inline constexpr int kTagRadius = 3;
inline constexpr int kButton = 28;
inline constexpr int kButtonSmall = 24;
inline constexpr int kIcon = 16;
inline constexpr int kButtonIcon = 14;
inline constexpr int kHeader = 28;
inline constexpr int kDenseRow = 24;
inline constexpr int kQueueRow = 44;
inline constexpr int kTopBar = 48;
inline constexpr int kPageHeader = 48;
inline constexpr int kQueueHeader = 40;
inline constexpr int kFooter = 56;
inline constexpr int kStatusBar = 28;
inline constexpr int kRail = 168;
inline constexpr int kRailCompact = 48;
inline constexpr int kTabs = 28;
inline constexpr int kSelectionBar = 3;

} // namespace scr::theme
