"""Files with refused rows on their way back to their senders, to be mended and sent again."""
