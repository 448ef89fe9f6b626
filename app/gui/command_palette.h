// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The command palette (Ctrl+K): everything there is to do or to go to, found by a few letters.
// Thread contract: GUI thread only. Bound: shows the best 200 matches; 20,000 entries.
#pragma once

#include <QFrame>
#include <QPointer>

#include <functional>
#include <vector>

class QLineEdit;
class QListView;

namespace weir {

struct PaletteItem {
    QString title;
    QString group;
    QString shortcut;
    std::function<void()> run;
};

class PaletteModel;
class TextLabel;

class CommandPalette : public QFrame {
    Q_OBJECT
  public:
    explicit CommandPalette(QWidget* parent);
    /// Comes up over the parent's upper third, with the keyboard.
    void popUp(std::vector<PaletteItem> items);
    /// Others in the place of those it came up with; what is typed stays.
    void replace(std::vector<PaletteItem> items);
    QLineEdit* field() const { return m_field; }
    /// The titles in the order shown.
    QStringList shownTitles() const;

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

  private:
    void search(const QString& pattern);
    void run_current();
    void close_palette();
    void place();

    QLineEdit* m_field;
    QListView* m_list;
    PaletteModel* m_model;
    TextLabel* m_nothing;
    QPointer<QWidget> m_focus_before;
};

} // namespace weir
