#pragma once

#include <cstdint>
#include <vector>

#include <QDialog>
#include <QString>

#include "detect/scan.h"

namespace scr::dialogs {

/// What a scan looked at, without its flags.
struct ScanSummary {
    struct Row {
        QString detector;
        std::uint64_t flags = 0;
        bool wasRun = true;
        QString remark; ///< why it was not run, or what it could not tell of; may be empty
    };
    std::uint64_t votes = 0;
    std::uint64_t attempts = 0;
    QString ruleVersion;
    double falseADay = 0; ///< flags that chance raises, at most
    std::vector<Row> rows;

    [[nodiscard]] std::size_t notRun() const; ///< detectors and rules of the site
};

[[nodiscard]] ScanSummary summaryOf(const detect::ScanReport& report);

/// Detector by detector what the last scan found, and what kept one from looking.
class ScanDialog : public QDialog {
    Q_OBJECT
public:
    explicit ScanDialog(const ScanSummary& summary, QWidget* parent = nullptr);
};

} // namespace scr::dialogs
