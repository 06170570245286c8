#pragma once

#include <QObject>

#include "domain/result.h"

namespace scr::tables {

/// Where a paged model stands. `Failed` and `Stopped` keep their rows; only a retry asks again.
enum class PageState { MoreToCome, Loading, Complete, Failed, Stopped };

/// The signals of a paged model, apart from the template that does the paging.
class PageNotifier : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

signals:
    void stateChanged(scr::tables::PageState state);
    void pageFailed(const scr::domain::Error& error);
};

} // namespace scr::tables
