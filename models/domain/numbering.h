#pragma once

#include "domain/vote_columns.h"

namespace scr::domain {

/// Numbers tokens and posts anew in the order of their keys, whole numbers before other keys: what rests on numbers no longer
/// depends on how many connections read the rows, nor on whence. Rows stay where they are. On so many threads.
void numberByKey(ScanInput& input, unsigned threads = 1);

} // namespace scr::domain
