"""What a text is about: price, delivery, staff ... and what is said of each.

reader = AspectReader(open_sentiment(NGRAMS))
reader.read(["Доставка долгая, но качество хорошее"], ["ru"], ["review"])
"""

from models.aspects.reader import Aspect, AspectReader
from models.aspects.stages import ASPECTS, STAGES

__all__ = ["ASPECTS", "STAGES", "Aspect", "AspectReader"]
