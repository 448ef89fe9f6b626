// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The bar on top: the workspace and its menu, Back and Forward, the field that finds an event by
// its id, the shared time range and zone, the palette's button, and the mark that says what kind of
// system this is. Thread contract: GUI thread only.
#pragma once

#include <QWidget>

#include <optional>

#include "connectors/kafka/connection.h"
#include "widgets/common/view_context.h"

class QLineEdit;
class QToolButton;

namespace weir {

class Pill;
class RangePopup;
class ZonePopup;

class TopBar : public QWidget {
    Q_OBJECT
  public:
    TopBar(ViewContext& context, QWidget* parent);

    void setWorkspaceName(const QString& name);
    /// None: nothing is observed, and no mark stands there.
    void setEnvironment(const std::optional<kafka::Environment>& environment);
    /// What is no sandbox is shown without masking: a mark says so.
    /// `whose`: who asked for it and why; empty: the workspace says so.
    void setUnmasked(bool unmasked, const QString& whose = {});
    void setCanGo(bool back, bool forward);
    /// Views are on screen: there is something to find and to narrow.
    void setActive(bool active);
    QToolButton* workspaceButton() const { return m_workspace; }
    QLineEdit* findField() const { return m_find; }
    Pill* environmentMark() const { return m_mark; }
    Pill* unmaskedMark() const { return m_unmasked; }

  public Q_SLOTS:
    void openRange();
    void openZone();

  Q_SIGNALS:
    void backRequested();
    void forwardRequested();
    void findRequested(const QString& id);
    void paletteRequested();

  protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

  private:
    void refresh();
    void fit();

    ViewContext& m_context;
    QToolButton* m_workspace;
    QToolButton* m_back;
    QToolButton* m_forward;
    QLineEdit* m_find;
    QToolButton* m_range;
    QString m_range_label; // whole; the button may have room for less
    QToolButton* m_zone;
    QToolButton* m_commands;
    Pill* m_unmasked;
    Pill* m_mark;
    RangePopup* m_range_popup;
    ZonePopup* m_zone_popup;
};

} // namespace weir
