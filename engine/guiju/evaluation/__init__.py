"""Plan + Case → Assessment, exactly."""
