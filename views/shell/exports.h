#pragma once

#include <functional>

#include <QAction>
#include <QObject>

#include "query/query.h"
#include "shell/workspace.h"

namespace scr::shell {

class JobBar;

/// What leaves the house from the menu: reports and evidence packs.
class Exports : public QObject {
    Q_OBJECT
public:
    /// `query` tells what is being looked at. `window` is what dialogs open over, and owns this.
    Exports(Workspace& workspace, JobBar& jobs, QWidget& window, std::function<query::Query()> query);

    [[nodiscard]] QList<QAction*> actions() const { return m_actions; }

signals:
    void noticed(const QString& sentence);

private:
    void addPackActions();
    void exportReport();
    void exportPack(bool isRedacted);

    Workspace& m_workspace;
    JobBar& m_jobs;
    QWidget& m_window;
    std::function<query::Query()> m_query;
    QList<QAction*> m_actions;
    bool m_isRedacted = false; ///< the pack that is made
};

} // namespace scr::shell
