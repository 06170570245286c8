#pragma once

#include <cstdint>

#include <QDialog>

class QLineEdit;
class QPushButton;

namespace scr::dialogs {

/// Asks for the first and the last entry of a range, by their places in the sealed log.
class LeafRangeDialog : public QDialog {
    Q_OBJECT
public:
    /// `size`: how many places there are. `first` and `last` are proposed.
    LeafRangeDialog(std::uint64_t size, std::uint64_t first, std::uint64_t last, QWidget* parent = nullptr);

signals:
    void chosen(quint64 first, quint64 last); ///< both are in the range; the dialog is closed

private:
    void check();

    std::uint64_t m_size;
    QLineEdit* m_first{};
    QLineEdit* m_last{};
    QPushButton* m_go{};
};

} // namespace scr::dialogs
