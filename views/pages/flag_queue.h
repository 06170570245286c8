#pragma once

#include <optional>
#include <vector>

#include <QString>
#include <QWidget>

#include "domain/result.h"
#include "tables/flag_queue_model.h"

class QPushButton;
class QStackedWidget;
class QTableView;

namespace scr::widgets {
class StatePane;
class TextLabel;
} // namespace scr::widgets

namespace scr::pages {

/// The left side of the flags page: the queue between its counts and its keys, and what stands in its place when it is empty.
class FlagQueue : public QWidget {
    Q_OBJECT
public:
    static constexpr std::size_t kMostFlags = 20'000; ///< read at once
    static constexpr int kWidth = 556;
    static constexpr QLatin1StringView kOpenOnly{"state=open"}; ///< the filter to begin with

    explicit FlagQueue(tables::FlagQueueModel& model, QWidget* parent = nullptr);

    void setOwnLogin(const QString& login);
    void setNarrow(bool narrow);
    void setReadOnly(); ///< neither voids nor scans are offered
    void setScannedInVain(std::optional<qint64> votes);
    void setFilterText(const QString& text); ///< what an empty queue says depends on it

    void showReading();
    void showFailure(const domain::Error& error);
    /// The table or why there is none. `isReading`: the flags are on their way.
    void updateState(bool isReading);
    /// `waiting`: decisions that are being written. Returns how many flags are open.
    int updateCounts(int waiting);

    [[nodiscard]] int currentRow() const; ///< -1: none
    [[nodiscard]] std::vector<int> selectedRows() const;
    void selectRow(int row);
    void move(int rows);
    void clickVoid();
    void focusTable();

signals:
    void currentChanged();
    void selectionChanged();
    void readAgainWanted();
    void stopWanted();
    void scanWanted();
    void filterWanted(const QString& text);
    void voidWanted(const std::vector<scr::domain::FlagKey>& flags);

private:
    QWidget* makeHead();
    QWidget* makeFoot();
    void makeTable();
    void explainEmpty();
    [[nodiscard]] std::vector<domain::FlagKey> selectedConfirmed() const;

    tables::FlagQueueModel& m_model;
    QString m_filterText;
    std::optional<qint64> m_scannedInVain;
    QTableView* m_table{};
    QStackedWidget* m_stack{};
    widgets::StatePane* m_state{};
    widgets::TextLabel* m_counts{};
    widgets::TextLabel* m_rows{};
    widgets::TextLabel* m_keys{};
    QPushButton* m_void{};
};

} // namespace scr::pages
