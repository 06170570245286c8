#pragma once

#include <functional>
#include <vector>

#include <QString>

class QWidget;

namespace scr::dialogs {

/// A way of writing a file, as the person chooses it.
struct SaveFormat {
    QString name;   ///< "Picture"
    QString suffix; ///< "png"; empty: a folder
};

/// Asks where to save. The folder is the one last used, at first the person's documents; choosing another format changes the
/// name's suffix. Does not wait: `then` is called with the path when one was chosen, an existing file only after it was asked
/// about.
void askWhereToSave(QWidget& parent, const QString& title, const QString& baseName, const std::vector<SaveFormat>& formats,
                    const std::function<void(const QString& path)>& then);

} // namespace scr::dialogs
