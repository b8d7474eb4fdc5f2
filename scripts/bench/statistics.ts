/** The middle value; of an even number of values, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = NaN, high = NaN] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return (low + high) / 2;
}

/** By which power of its size a cost grows: the slope of the line through the points on logarithmic axes (least squares). */
export function growth(points: readonly { size: number; cost: number }[]): number {
  const logs = points.map(({ size, cost }) => ({ x: Math.log(size), y: Math.log(Math.max(cost, Number.MIN_VALUE)) }));
  const mean = (of: (point: { x: number; y: number }) => number) =>
    logs.reduce((sum, point) => sum + of(point), 0) / logs.length;
  const [middleX, middleY] = [mean(({ x }) => x), mean(({ y }) => y)];
  return mean(({ x, y }) => (x - middleX) * (y - middleY)) / mean(({ x }) => (x - middleX) ** 2);
}
