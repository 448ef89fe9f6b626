// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The navigation rail: one button a view, with a badge where the view has a finding.
// Thread contract: GUI thread only.
#pragma once

#include <QAbstractButton>
#include <QWidget>

#include <vector>

#include "widgets/common/view.h"

class QButtonGroup;
class QVBoxLayout;

namespace weir {

class RailButton : public QAbstractButton {
    Q_OBJECT
  public:
    RailButton(Icon which, const QString& title, QWidget* parent = nullptr);
    void setBadge(const ViewBadge& badge);
    const ViewBadge& badge() const { return m_badge; }
    QSize sizeHint() const override { return {148, 32}; }

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    Icon m_icon;
    ViewBadge m_badge;
};

class Rail : public QWidget {
    Q_OBJECT
  public:
    explicit Rail(QWidget* parent = nullptr);
    /// `shortcut` is told in the tooltip, not bound here. Returns the button's index.
    int add(Icon which, const QString& title, const QString& shortcut);
    /// A small button at the rail's foot.
    void addFoot(QWidget* button);
    void clear(); // of its views; the foot stays
    void setCurrent(int index);
    void setBadge(int index, const ViewBadge& badge);
    RailButton* button(int index) const { return m_buttons[static_cast<std::size_t>(index)]; }

  Q_SIGNALS:
    void chosen(int index);

  protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

  private:
    std::vector<RailButton*> m_buttons;
    QButtonGroup* m_group;
    QVBoxLayout* m_items;
    QVBoxLayout* m_foot;
};

} // namespace weir
