// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The violations of the event that is open: reason and place, what was expected and found, what the
// sender can do. As high as what is in it, up to some rows; then it scrolls. A click or Enter leads
// to the member. Thread contract: GUI thread only.
#pragma once

#include <QListView>

#include <memory>

#include "models/live/event_detail.h"

namespace weir {

class ViolationModel;

class ViolationList : public QListView {
    Q_OBJECT
  public:
    explicit ViolationList(QWidget* parent = nullptr);

    /// Hides itself where there is nothing to tell.
    void setDetail(std::shared_ptr<const EventDetail> detail);

  Q_SIGNALS:
    void memberWanted(const QString& pointer);

  protected:
    void resizeEvent(QResizeEvent* event) override;

  private:
    void fit();
    ViolationModel* m_model;
};

} // namespace weir
